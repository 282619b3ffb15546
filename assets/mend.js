// What the framework leaves undone for the keyboard: its radio buttons are each a group of one, so arrows do nothing.
document.addEventListener('keydown', (event) => {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const group = event.target.matches?.('input[type=radio]') && event.target.closest('.wrap');
  if (!by || !group) return;
  event.preventDefault();
  const radios = [...group.querySelectorAll('input[type=radio]')];
  const next = radios[(radios.indexOf(event.target) + by + radios.length) % radios.length];
  next.focus();
  next.click();
});

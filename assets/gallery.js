// The gallery: shelves of pictures, one button each, thumbnails from this host.
window.Fovea = window.Fovea || {};

Fovea.gallery = function ({ element, props, trigger }) {
  const root = element.querySelector('.fovea-gallery');
  const buttons = [];
  let wanted = null;  // the one on its way, from which a next step counts
  const pick = (button) => {
    wanted = button;
    Fovea.page.fetch(() => trigger('pick', { name: button.dataset.testid }));
  };
  const picture = ([name, title]) => {
    const button = document.createElement('button');
    const image = document.createElement('img');
    button.type = 'button';
    button.title = title;
    button.dataset.testid = name;
    button.setAttribute('aria-pressed', 'false');
    image.src = `thumbnail/${encodeURIComponent(name)}.jpg`;
    image.alt = title;
    button.append(image);
    button.addEventListener('click', () => pick(button));
    buttons.push(button);
    return button;
  };
  for (const [title, pictures] of JSON.parse(props.value || '[]')) {
    const heading = document.createElement('h2');
    heading.textContent = title;
    root.append(heading, ...pictures.map(picture));
  }
  Fovea.offers = (name) => buttons.some((button) => button.dataset.testid === name);
  Fovea.step = (by) => {
    const from = wanted ? buttons.indexOf(wanted) : by < 0 ? 0 : -1;
    pick(buttons[(from + by + buttons.length) % buttons.length]);
  };
  document.addEventListener('fovea:picture', ({ detail }) => {
    wanted = buttons.find((button) => button.dataset.testid === detail.name) || null;
    buttons.forEach((button) => button.setAttribute('aria-pressed', String(button === wanted)));
  });
};

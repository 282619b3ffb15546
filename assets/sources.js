// The four ways to a picture, and the file that is chosen, pasted or dropped anywhere on the page.
window.Fovea = window.Fovea || {};

Fovea.ways = function ({ element, props }) {
  const { title, ways } = JSON.parse(props.value);
  const root = element.querySelector('.fovea-ways');
  const tabs = ways.map(([id, text]) => {
    const tab = Fovea.button(text, { icon: id, testid: `way-${id}-tab` });
    Object.assign(tab, { id: `way-${id}-tab` });
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `way-${id}`);
    tab.addEventListener('click', () => choose(id));
    return tab;
  });
  const choose = (id, focus = false) => {
    document.documentElement.dataset.way = id;
    ways.forEach(([one], i) => {
      const chosen = one === id;
      tabs[i].setAttribute('aria-selected', String(chosen));
      tabs[i].tabIndex = chosen ? 0 : -1;
      if (chosen && focus) tabs[i].focus();
      const panel = document.getElementById(`way-${one}`);
      panel?.setAttribute('role', 'tabpanel');
      panel?.setAttribute('aria-labelledby', tabs[i].id);
    });
    document.dispatchEvent(new CustomEvent('fovea:way', { detail: id }));
  };
  root.setAttribute('role', 'tablist');
  root.setAttribute('aria-label', title);
  root.append(...tabs);
  root.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = tabs.indexOf(document.activeElement);
    choose(ways[(at + by + ways.length) % ways.length][0], true);
  });
  document.addEventListener('fovea:picture', ({ detail }) => {
    if (detail.first && detail.name.startsWith('scene:') && !Fovea.offers(detail.name)) choose('scene');
  });
  choose('gallery');
  setTimeout(() => choose(document.documentElement.dataset.way));  // once more, when all panels are there
};

Fovea.intake = function ({ element, props }) {
  const words = JSON.parse(props.value);
  const root = element.querySelector('.fovea-intake');
  const field = () => document.querySelector('#upload input[type=file]');
  const choose = Fovea.button(words.choose_file, { icon: 'file', testid: 'file-choose' });
  const hint = document.createElement('p');
  const kept = document.createElement('p');
  hint.textContent = words.file_hint;
  kept.textContent = words.file_kept;
  kept.className = 'fine';
  root.append(choose, hint, kept);
  choose.addEventListener('click', () => field()?.click());

  const take = (file) => {
    if (file.size > words.most) {
      const mega = (bytes) => String(Math.ceil(bytes / 1e5) / 10);
      Fovea.say(words.too_large.replace('{got}', mega(file.size)).replace('{most}', mega(words.most)));
      return;
    }
    Fovea.page.fetch(() => {
      const input = field();
      if (!input) return;
      const transfer = new DataTransfer();
      transfer.items.add(file);
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  };
  document.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files || [])][0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });

  const veil = document.createElement('div');
  const veiled = document.createElement('p');
  veil.id = 'drop-veil';
  veil.hidden = true;
  veiled.append(Fovea.icon('file'), words.drop_here);
  veil.append(veiled);
  document.body.append(veil);
  const carries = (event) => [...(event.dataTransfer?.types || [])].some((type) => type === 'Files' || type === 'text/uri-list');
  document.addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    veil.hidden = false;
  }, true);
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) veil.hidden = true; }, true);
  document.addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!carries(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const file = [...event.dataTransfer.files][0];
    if (file) take(file);
    else Fovea.say(words.no_file);
  }, true);
};

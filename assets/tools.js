// The page's tools: a link to just this, presenting, large type, colours.
window.Fovea = window.Fovea || {};

Fovea.tools = function ({ element, props }) {
  const words = JSON.parse(props.value);
  const root = element.querySelector('.fovea-tools');
  const page = document.documentElement;
  const made = {};
  root.setAttribute('role', 'toolbar');
  root.setAttribute('aria-label', words.tools);
  for (const name of ['pictures', 'link', 'drawer', 'present', 'leave', 'large']) {
    made[name] = Fovea.button(words[name], { icon: name, testid: `tool-${name}`, hint: words[`${name}_hint`] });
    root.append(made[name]);
  }

  // Colours: as the computer has them, light, dark.
  const THEMES = ['system', 'light', 'dark'];
  const theme = Fovea.button('', { testid: 'tool-theme' });
  const paint = () => {
    const now = Fovea.prefs.get('theme');
    theme.replaceChildren(Fovea.icon(now));
    theme.title = words[`theme_${now}`];
    theme.setAttribute('aria-label', theme.title);
    made.large.setAttribute('aria-pressed', String(Fovea.prefs.get('large')));
  };
  theme.addEventListener('click', () => {
    const now = THEMES.indexOf(Fovea.prefs.get('theme'));
    Fovea.prefs.set('theme', THEMES[(now + 1) % THEMES.length]);
    paint();
    Fovea.say(theme.title);
  });
  made.large.addEventListener('click', () => {
    Fovea.prefs.set('large', !Fovea.prefs.get('large'));
    paint();
    window.dispatchEvent(new Event('resize'));
  });
  root.append(theme);

  const copied = (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement('textarea');  // a class on plain http has no clipboard but this
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done ? Promise.resolve() : Promise.reject(new Error('refused'));
  };
  made.link.addEventListener('click', async () => {
    const { url, whole } = Fovea.page.link();
    try {
      await copied(url);
      Fovea.say(whole ? words.copied : words.copied_without);
    } catch {
      window.prompt(words.copy_by_hand, url);
    }
  });

  // Presenting: the stage fills the screen, the panel is a drawer over it.
  const presenting = () => page.classList.contains('presenting');
  const drawer = (open) => {
    page.classList.toggle('drawer', open);
    made.drawer.setAttribute('aria-expanded', String(open));
  };
  const resized = () => requestAnimationFrame(() => window.dispatchEvent(new Event('resize')));
  let filled = false;
  const present = (on) => {
    if (on === presenting()) return;
    page.classList.toggle('presenting', on);
    drawer(false);
    resized();
    if (on) {
      Fovea.say(words.presenting);
      page.requestFullscreen?.().then(() => { filled = true; }).catch(() => {});  // a frame may not: the window serves
    } else {
      if (filled && document.fullscreenElement) document.exitFullscreen();
      filled = false;
    }
    (on ? made.leave : made.present).focus({ preventScroll: true });
  };
  document.addEventListener('fullscreenchange', () => {
    resized();
    if (filled && !document.fullscreenElement) present(false);
  });
  made.present.addEventListener('click', () => present(true));
  made.leave.addEventListener('click', () => present(false));
  made.drawer.addEventListener('click', () => drawer(!page.classList.contains('drawer')));

  const taken = (target) => target.closest?.('input, textarea, select, [contenteditable], [role=slider], [role=tab], [role=radio], [role=listbox]');
  const KEYS = {
    p: () => present(!presenting()),
    P: () => present(!presenting()),
    d: () => presenting() && drawer(!page.classList.contains('drawer')),
    D: () => presenting() && drawer(!page.classList.contains('drawer')),
    Escape: () => presenting() && present(false),
    ArrowRight: () => presenting() && Fovea.step(1),
    ArrowLeft: () => presenting() && Fovea.step(-1),
    PageDown: () => presenting() && Fovea.step(1),
    PageUp: () => presenting() && Fovea.step(-1),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !KEYS[event.key]) return;
    if (taken(event.target) && event.key !== 'Escape') return;
    if (KEYS[event.key]() !== false) event.preventDefault();
  });

  // The sources slide over a narrow page: closed at first, opened by a button, closed by a choice.
  const narrow = () => window.innerWidth < 800;
  const sidebar = () => document.getElementById('sources');
  const opened = () => sidebar()?.classList.contains('open');
  const toggle = () => sidebar()?.querySelector('.toggle-button')?.click();
  made.pictures.addEventListener('click', toggle);
  document.addEventListener('fovea:picture', ({ detail }) => { if (narrow() && opened() && !detail.first) toggle(); });
  if (narrow()) setTimeout(() => { if (opened()) toggle(); });

  new ResizeObserver(() => page.style.setProperty('--tools', `${root.offsetWidth + 12}px`)).observe(root);
  const stage = document.getElementById('stage');  // taller than the window, it sticks by its foot
  new ResizeObserver(() => page.style.setProperty('--stage', `${stage.offsetHeight}px`)).observe(stage);
  drawer(false);
  paint();
};

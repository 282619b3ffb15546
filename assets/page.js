// The page's own script: its address, its settings, its tools, and who is asked when the picture changes.
window.Fovea = window.Fovea || {};

Fovea.icon = (name) => {
  const SHAPES = {
    gallery: '<rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="9" cy="10" r="2"/><path d="m4 18 5-5 4 4 3-3 4 4"/>',
    file: '<path d="M12 16V4m-5 5 5-5 5 5M4 16v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3"/>',
    camera: '<path d="M4 7h4l2-3h4l2 3h4a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1Z"/><circle cx="12" cy="13" r="4"/>',
    scene: '<path d="M3 20h18M5 20V9l5-4v15M10 20V11h9v9M13 14h2m-2 3h2"/>',
    pictures: '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M9 4v16"/>',
    link: '<path d="M10 14a4 4 0 0 0 6 .5l3-3A4.2 4.2 0 0 0 13 5.6l-1.5 1.4M14 10a4 4 0 0 0-6-.5l-3 3a4.2 4.2 0 0 0 6 5.9l1.4-1.4"/>',
    present: '<rect x="3" y="4" width="18" height="12" rx="1"/><path d="M12 16v4m-4 0h8M10 8l4 2-4 2Z"/>',
    leave: '<path d="m6 6 12 12M18 6 6 18"/>',
    drawer: '<rect x="3" y="4" width="18" height="16" rx="2"/><path d="M15 4v16"/>',
    large: '<path d="m3 19 5-14 5 14M5 14h6M15 19l3-8 3 8m-5-3h4"/>',
    system: '<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16Z" fill="currentColor"/>',
    light: '<circle cx="12" cy="12" r="4"/><path d="M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>',
    dark: '<path d="M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10Z"/>',
  };
  const holder = document.createElement('span');
  holder.className = 'icon';
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>`;
  return holder;
};

Fovea.button = (text, { icon, testid, hint } = {}) => {
  const made = document.createElement('button');
  made.type = 'button';
  if (icon) made.append(Fovea.icon(icon));
  const said = document.createElement('span');
  said.textContent = text;
  made.append(said);
  if (testid) made.dataset.testid = testid;
  if (hint) made.title = hint;
  return made;
};

// A line at the foot of the window that says what just happened, to eyes and to screen readers.
Fovea.say = (text) => {
  let line = document.getElementById('said');
  if (!line) {
    line = document.createElement('div');
    line.id = 'said';
    line.setAttribute('role', 'status');
    document.body.append(line);
  }
  line.textContent = text;
  clearTimeout(Fovea.say.timer);
  Fovea.say.timer = setTimeout(() => { line.textContent = ''; }, 6000);
};

// Settings belong to this browser. Read before Gradio starts, so that a dark page is never white first.
Fovea.prefs = (() => {
  const KEY = 'fovea.settings';
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  let kept = { theme: 'system', large: false };
  try {
    const { theme, large } = JSON.parse(localStorage.getItem(KEY)) || {};
    if (['system', 'light', 'dark'].includes(theme)) kept.theme = theme;
    kept.large = large === true;
  } catch { /* no storage, or somebody else's words in it: the defaults serve */ }
  const asked = new URLSearchParams(location.search).get('__theme');
  if (['light', 'dark'].includes(asked)) kept.theme = asked;

  const apply = () => {
    const wanted = kept.theme === 'system' ? dark.matches : kept.theme === 'dark';
    document.documentElement.classList.toggle('large', kept.large);
    document.documentElement.dataset.theme = wanted ? 'dark' : 'light';
    if (document.body && document.body.classList.contains('dark') !== wanted) document.body.classList.toggle('dark', wanted);
  };
  const set = (name, value) => {
    kept = { ...kept, [name]: value };
    try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* it holds until the page is closed */ }
    if (name === 'theme') Fovea.page.forget('__theme');
    apply();
    if (name === 'large') Fovea.charts.fit();
  };
  apply();
  dark.addEventListener('change', () => setTimeout(apply));
  document.addEventListener('DOMContentLoaded', () => {
    apply();  // Gradio sets its own class when it mounts and when the system changes
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  });
  return { get: (name) => kept[name], set };
})();

// Charts grow with large type. Plotly lays out by the sizes it is told, whatever CSS says, so each chart is told when it
// is drawn and when the setting changes.
Fovea.charts = (() => {
  const LARGER = 4 / 3, HOVER_PX = 13;
  const drawn = new Map();
  const fit = (chart) => {
    const scale = Fovea.prefs.get('large') ? LARGER : 1;
    const { font, height, margin } = drawn.get(chart);
    const sizes = { 'font.size': font * scale, 'hoverlabel.font.size': HOVER_PX * scale, height: height * scale };
    for (const [side, px] of Object.entries(margin)) sizes[`margin.${side}`] = px * scale;
    window.Plotly.relayout(chart, sizes);
  };
  const seen = (chart) => {
    const { font, height, margin: { l, r, t, b } } = chart._fullLayout;
    drawn.set(chart, { font: font.size, height, margin: { l, r, t, b } });
    if (Fovea.prefs.get('large')) fit(chart);
  };
  new MutationObserver((records) => {
    for (const chart of drawn.keys()) if (!chart.isConnected) drawn.delete(chart);
    for (const chart of new Set(records.map((record) => record.target)))
      if (chart.classList?.contains('js-plotly-plot') && !drawn.has(chart)) seen(chart);
  }).observe(document.documentElement, { childList: true, subtree: true });
  return { fit: () => [...drawn.keys()].forEach(fit) };
})();

Fovea.page = (() => {
  const PATIENCE_MS = 20000;
  const SETTLE_MS = 150, STILL_MS = 40, BUILT_MS = 3000;
  const askers = {};
  let tab = '', picture = '', shown = '', ready = false;
  let values = {}, defaults = {};
  let busy = 0, next = null, writing = 0;

  const working = (is) => document.documentElement.classList.toggle('working', is);
  // A panel is built when its tab is first chosen, and what comes for it meanwhile this Gradio may lose.
  const built = {};
  const still = (name) => new Promise((done) => {
    const began = performance.now();
    let size = 0, same = 0;
    const look = () => {
      const now = document.getElementById(`tab-${name}`)?.querySelectorAll('*').length || 0;
      same = now && now === size ? same + 1 : 0;
      size = now;
      if (same === 2 || performance.now() - began > BUILT_MS) done();
      else setTimeout(look, STILL_MS);
    };
    look();
  });
  const ask = async () => {
    if (!ready || !askers[tab]) return;
    working(true);
    const name = tab;
    await (built[name] ||= still(name));
    if (name === tab) askers[name]();
  };
  const address = () => {
    const query = new URLSearchParams();
    for (const [key, value] of new URLSearchParams(location.search)) if (key.startsWith('__')) query.append(key, value);
    if (tab) query.set('tab', tab);
    if (picture) query.set('picture', picture);
    for (const [key, value] of Object.entries(values))
      if (key.startsWith(`${tab}.`) || value !== defaults[key]) query.set(key, value);
    return `${location.pathname}?${query.toString().replace(/%3A/g, ':').replace(/%2C/g, ',')}${location.hash}`;
  };
  const write = (now) => {
    clearTimeout(writing);
    if (!ready) return;
    if (now) history.replaceState(history.state, '', address());
    else writing = setTimeout(() => write(true), SETTLE_MS);
  };
  // One picture on its way at a time, and of those asked for meanwhile the last: so that it is the one that stays.
  const fetch = (start) => {
    if (busy) { next = start; return; }
    busy = setTimeout(release, PATIENCE_MS);
    working(true);
    start();
  };
  const release = () => {
    clearTimeout(busy);
    busy = 0;
    const later = next;
    next = null;
    if (later) fetch(later);
    return Boolean(later);
  };
  return {
    enlist(name, trigger) { askers[name] = trigger; if (!tab) tab = name; },
    fetch,
    moved(text) {
      const place = JSON.parse(text || '{}');
      if (release()) return;
      working(false);
      if (place.id === undefined) return;
      const other = place.id !== shown || place.picture !== picture;
      ({ picture, id: shown } = place);
      document.dispatchEvent(new CustomEvent('fovea:picture', { detail: { name: picture, first: !ready } }));
      write(true);
      if (other) ask();
    },
    ready(text) {
      const kept = JSON.parse(text || '{}');
      values = { ...kept.values };
      defaults = kept.defaults || {};
      ready = true;
      write(true);
      ask();
    },
    choose(name) {
      if (name === tab) return;
      tab = name;
      document.dispatchEvent(new CustomEvent('fovea:tab', { detail: name }));
      write(true);
      ask();
    },
    keep(key, value) {
      values[key] = typeof value === 'string' ? value : JSON.stringify(value);
      write();
    },
    answered() { if (!busy) working(false); },
    forget(key) {
      const query = new URLSearchParams(location.search);
      if (!query.has(key)) return;
      query.delete(key);
      history.replaceState(history.state, '', `${location.pathname}?${query}${location.hash}`);
      write(true);
    },
    link() { write(true); return { url: location.href, whole: Boolean(picture) }; },
  };
})();

Fovea.asker = ({ props, trigger }) => Fovea.page.enlist(props.value, () => trigger('ask', {}));
Fovea.easel = ({ trigger }) => { Fovea.page.draw = () => Fovea.page.fetch(() => trigger('draw', {})); };
Fovea.place = () => {};
Fovea.kept = () => {};

Fovea.brand = function ({ element, props }) {
  const words = JSON.parse(props.value);
  const [mark, name, line] = ['img', 'h1', 'p'].map((tag) => document.createElement(tag));
  mark.src = 'app/icon.svg';
  mark.alt = '';
  name.textContent = words.name;
  line.textContent = words.tagline;
  element.querySelector('.fovea-brand').append(mark, name, line);
};

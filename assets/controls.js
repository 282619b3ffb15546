// What stands around the stage's canvas: buttons, sliders, the legend, the read-out, the tables.
window.Fovea = window.Fovea || {};

(() => {
  const word = (...said) => Fovea.word(...said);
  const KEPT = 'fovea.stage';

  // An element with properties or attributes (names with a dash, role) and children.
  const make = (Fovea.make = (name, values = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(values))
      key in made && !key.includes('-') ? (made[key] = value) : made.setAttribute(key.toLowerCase(), value);
    made.append(...children);
    return made;
  });
  const fresh = (tag, text, values = {}) => make(tag, { textContent: text, ...values });
  const rgb = (colour) => `rgb(${colour.join(' ')})`;
  const stripes = (colours) => {
    const edge = (i) => `${(i * 100) / colours.length}%`;
    return `linear-gradient(90deg, ${colours.map((one, i) => `${rgb(one)} ${edge(i)} ${edge(i + 1)}`)})`;
  };
  const gradient = ({ colours }) => {
    const at = (i) => 3 * Math.round((i * 255) / 8);
    return `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => rgb([...colours.slice(at(i), at(i) + 3)]))})`;
  };
  const icon = (path) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  };
  const ICONS = {
    ...{ out: 'M3 8h10', in: 'M3 8h10M8 3v10', full: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4' },
    export: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  };

  // What this browser keeps: the opacity and the titles of hidden layers.
  Fovea.settings = () => {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(KEPT)) || {};
    } catch {} // storage may be forbidden, or hold something else
    const opacity = kept.opacity >= 0 && kept.opacity <= 1 ? kept.opacity : 0.55;
    return { opacity, hidden: new Set(Array.isArray(kept.hidden) ? kept.hidden : []), score: 0, iou: 0.5 };
  };
  const keep = ({ opacity, hidden }) => {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ opacity, hidden: [...hidden].slice(-50) }));
    } catch {} // then it lasts as long as the page
  };

  const isJudged = (one) => one.kind === 'boxes' && one.scores && (one.score !== null || one.iou !== null);

  Fovea.Controls = class {
    constructor(stage) {
      this.stage = stage;
      this.legendOf = this.startsOf = '';
      const button = (name, does, ...inside) => {
        const called = { type: 'button', 'data-testid': name, title: does, 'aria-label': does };
        return make('button', { ...called, onclick: () => this.press(name) }, ...inside);
      };
      this.percent = fresh('output', '', { 'aria-label': word('zoom') });
      this.full = button('fullscreen', word('full'), icon(ICONS.full));
      this.full.hidden = !document.fullscreenEnabled;
      const [out, closer] = ['out', 'in'].map((way) => button(`zoom-${way}`, word(way), icon(ICONS[way])));
      const zoom = make('div', { className: 'group' }, out, this.percent, closer);
      const fit = button('fit', word('fit'), word('fit_short'));
      this.menu = this.exports();
      const bar = { className: 'bar', role: 'toolbar', 'aria-label': word('stage') };
      this.bar = make('div', bar, zoom, fit, make('span', { className: 'push' }), this.menu, this.full);
      this.swatch = make('i', { className: 'swatch', hidden: true });
      this.text = make('span');
      const readout = { className: 'readout', 'data-testid': 'stage-readout', 'aria-live': 'off' };
      this.readout = make('p', readout, this.swatch, this.text);
      this.sliders = Object.fromEntries(['opacity', 'score', 'iou'].map((name) => [name, this.slider(name)]));
      this.count = fresh('output', '', { className: 'count', 'data-testid': 'stage-count' });
      const rows = Object.values(this.sliders).map(({ row }) => row);
      this.dials = make('div', { className: 'dials' }, ...rows, this.count);
      this.legend = make('div', { className: 'legend', role: 'group', 'aria-label': word('layers_shown') });
      this.tables = make('div', { className: 'tables' });
      const twin = { className: 'twin', ontoggle: () => this.tabulate() };
      this.twin = make('details', twin, fresh('summary', word('table')), this.tables);
      this.hint = fresh('p', word('keys'), { id: 'fovea-stage-keys', className: 'unseen' });
      stage.canvas.setAttribute('aria-describedby', this.hint.id);
      this.above = [this.bar];
      this.below = [this.readout, this.dials, this.legend, this.twin, this.hint];
    }

    exports() {
      const item = (name, does) =>
        fresh('button', does, { type: 'button', 'data-testid': `export-${name}`, onclick: () => this.press(name) });
      this.clip = item('clip', word('clip'));
      this.clip.hidden = !window.MediaRecorder;
      const files = ['png', 'svg'].map((kind) => item(kind, word(kind)));
      const list = make('div', { className: 'list' }, ...files, this.clip);
      const summary = make('summary', { 'data-testid': 'export' }, icon(ICONS.export), word('export'));
      const menu = make('details', { className: 'menu' }, summary, list);
      const away = (target) => target && !menu.contains(target) && (menu.open = false);
      menu.addEventListener('focusout', (event) => away(event.relatedTarget));
      menu.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape' || !menu.open) return;
        menu.open = false;
        summary.focus();
      });
      const signal = this.stage.ending.signal;
      document.addEventListener('pointerdown', (event) => away(event.target), { signal });
      return menu;
    }

    press(name) {
      const { stage } = this;
      this.menu.open = false;
      if (name === 'zoom-in') stage.zoomAt(1.25);
      if (name === 'zoom-out') stage.zoomAt(0.8);
      if (name === 'fit') stage.fitted();
      if (name === 'fullscreen' && document.fullscreenElement) document.exitFullscreen();
      else if (name === 'fullscreen') stage.root.requestFullscreen();
      if (name in Fovea.exports && stage.picture) Fovea.exports[name](stage);
    }
    recording(on) {
      this.clip.textContent = on ? word('stop') : word('clip');
      this.menu.classList.toggle('recording', on);
      document.dispatchEvent(new CustomEvent('fovea:recording', { detail: on }));
    }

    slider(name) {
      const shown = make('output');
      const input = make('input', { type: 'range', min: 0, max: 1, step: 0.01, 'data-testid': name });
      input.addEventListener('input', () => {
        this.stage.settings[name] = Number(input.value);
        shown.textContent = Number(input.value).toFixed(2);
        if (name === 'opacity') {
          keep(this.stage.settings);
          this.stage.redraw();
        } else this.stage.choose();
      });
      const row = make('label', { className: 'dial' }, fresh('span', word(name)), input, shown);
      return { row, input, shown };
    }
    dial(name, seen) {
      const { row, input, shown } = this.sliders[name];
      const value = this.stage.settings[name];
      row.hidden = !seen;
      if (Number(input.value) !== value) input.value = value;
      shown.textContent = value.toFixed(2);
    }

    // Sliders begin where the layers say; the first value of that name among them.
    begin(judged = this.stage.layers().filter(isJudged)) {
      const starts = JSON.stringify(judged.map(({ title, score, iou }) => [title, score, iou]));
      const first = (name) => judged.find((one) => one[name] !== null)?.[name];
      const moved = starts === this.startsOf ? {} : { score: first('score') ?? 0, iou: first('iou') ?? 0.5 };
      Object.assign(this.stage.settings, moved);
      this.startsOf = starts;
      return first;
    }
    // The layers are others: sliders and legend follow, and keep the focus where they stay the same.
    renew() {
      const { stage } = this;
      const layers = stage.layers();
      const judged = layers.filter(isJudged);
      const first = this.begin(judged);
      this.dial('opacity', layers.some((one) => one.bitmap));
      this.dial('score', first('score') !== undefined);
      this.dial('iou', first('iou') !== undefined);
      this.dials.hidden = !layers.some((one) => one.bitmap || judged.includes(one));
      const { picture, panes } = stage;
      const about = picture ? this.about(picture.alt, panes.length, layers.length) : word('nothing');
      stage.canvas.setAttribute('aria-label', about);
      this.twin.hidden = !layers.length;
      this.bar.inert = !picture;
      if (!stage.pointer && !stage.cursor) this.read(null);
      this.explain([...new Map(layers.map((layer) => [layer.title, layer])).values()]);
    }
    about(alt, panes, layers) {
      const counted = layers === 1 ? word('layer') : word('layers', { count: layers });
      return [alt, panes > 1 && word('panes', { count: panes }), counted].filter(Boolean).join('; ');
    }
    explain(layers) {
      const about = ({ kind, title, colour, colours, names, low, high, unit }) =>
        kind === 'heat' ? [title, low, high, unit] : [title, colour, colours, names];
      const key = JSON.stringify(layers.map(about));
      if (key === this.legendOf) return;
      this.legendOf = key;
      const scales = {}; // maps that share one are listed before it
      for (const one of layers.filter(({ kind }) => kind === 'heat'))
        (scales[`${one.low} ${one.high} ${one.unit}`] ??= []).push(one);
      const chips = (some) => some.map((one) => this.toggle(one));
      const heats = Object.values(scales).map((some) =>
        make('div', { className: 'entry' }, ...chips(some), this.scaleOf(some[0])),
      );
      const others = layers.filter((one) => one.kind !== 'heat').map((one) => this.entry(one));
      this.legend.replaceChildren(...heats, ...others);
      this.legend.hidden = !layers.length;
    }

    toggle(layer) {
      const { hidden } = this.stage.settings;
      const mark = make('i', { className: 'swatch' });
      const few = layer.colour ? [layer.colour] : Object.values(layer.colours).slice(0, 4);
      mark.style.background = layer.kind === 'heat' ? gradient(layer) : stripes(few);
      const chip = make('button', { type: 'button', className: 'chip', 'data-testid': 'layer' }, mark, layer.title);
      const tell = () => chip.setAttribute('aria-pressed', String(!hidden.has(layer.title)));
      chip.addEventListener('click', () => {
        if (!hidden.delete(layer.title)) hidden.add(layer.title);
        tell();
        keep(this.stage.settings);
        this.stage.redraw();
      });
      tell();
      return chip;
    }
    entry(layer) {
      const entry = make('div', { className: 'entry' }, this.toggle(layer));
      if (layer.kind !== 'labels') return entry;
      for (const [index, colour] of Object.entries(layer.colours)) {
        const dot = make('i', { className: 'swatch' });
        dot.style.background = rgb(colour);
        const named = make('span', { className: 'class' }, dot, layer.names[index] ?? index);
        if (Number(index) !== layer.void) entry.append(named);
      }
      return entry;
    }
    scaleOf(layer) {
      const { low, high, unit } = layer;
      const strip = make('i', { className: 'strip' });
      strip.style.background = gradient(layer);
      const ticks = [low, (low + high) / 2, high].map((one) => fresh('span', Fovea.layer.short(one)));
      const ramp = make('div', { className: 'ramp' }, strip, make('div', { className: 'ticks' }, ...ticks));
      const called = { className: 'scale', 'data-testid': 'stage-scale' };
      return make('div', called, ramp, fresh('span', unit, { className: 'unit' }));
    }

    // What the sliders left, in words and in the tables.
    tell() {
      const judged = this.stage.layers().filter(isJudged);
      const grouped = (count) => count.toLocaleString('en');
      const told = judged.map((layer) => {
        const { length } = layer.boxes;
        const best = layer.total > length ? word('best', { all: grouped(layer.total) }) : '';
        const shown = word('shown', { some: layer.chosen.length, all: length });
        return (judged.length > 1 ? `${layer.title}: ` : '') + shown + best;
      });
      this.count.textContent = told.join(' · ');
      this.tabulate();
    }
    tabulate() {
      if (!this.twin.open) return;
      const { panes } = this.stage;
      const one = (pane, layer) => {
        const { head, rows, more } = Fovea.layer.table(layer);
        const title = [panes.length > 1 && pane.title, layer.title].filter(Boolean).join(': ');
        const line = (cells, tag, values) => make('tr', {}, ...cells.map((cell) => fresh(tag, String(cell), values)));
        const body = make('tbody', {}, ...rows.map((cells) => line(cells, 'td')));
        const rest = more && fresh('td', word('more', { count: more }), { colSpan: head.length });
        if (rest) body.append(make('tr', {}, rest));
        return make('table', { 'data-testid': 'stage-table' },
          fresh('caption', title), make('thead', {}, line(head, 'th', { scope: 'col' })), body);
      };
      this.tables.replaceChildren(...panes.flatMap((pane) => pane.layers.map((layer) => one(pane, layer))));
    }

    zoomed(scale) {
      this.percent.textContent = `${Math.round(scale * 100)}%`;
    }
    say(text, byKey = true) {
      this.readout.setAttribute('aria-live', byKey ? 'polite' : 'off');
      this.text.textContent = text;
    }
    // Where the pointer is and what lies there; without one, what the picture is.
    read(at, byKey = false) {
      const { stage } = this;
      this.swatch.hidden = !at;
      const about = [stage.picture?.alt, ...(stage.picture?.notes ?? [])];
      if (!at) return this.say(about.filter(Boolean).join(' · '), false);
      const { title, source } = stage.panes[at.pane];
      const colour = this.colour(source || stage.picture.source, at);
      this.swatch.style.background = colour ? rgb(colour) : '';
      const told = stage.shown(at.pane).map((layer) => Fovea.layer.told(layer, at.x, at.y)).filter(Boolean);
      const place = `x ${at.x.toFixed(1)}, y ${at.y.toFixed(1)}`;
      this.say([title, place, colour && `rgb ${colour.join(' ')}`, ...told].filter(Boolean).join(' · '), byKey);
    }
    colour(source, { x, y }) {
      this.probe ??= make('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
      const [width, height] = Fovea.sizeOf(source);
      const { picture } = this.stage;
      const at = [Math.floor((x * width) / picture.width), Math.floor((y * height) / picture.height)];
      try {
        this.probe.drawImage(source, ...at, 1, 1, 0, 0, 1, 1);
        return [...this.probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
      } catch {
        return null; // a picture of another host may be seen, but not read
      }
    }

    // For each movable box something that can have the focus, kept while the box stays.
    handles(drags) {
      const { handles } = this.stage;
      while (handles.children.length > drags.length) handles.lastChild.remove();
      while (handles.children.length < drags.length) {
        const handle = make('div', { tabIndex: 0, role: 'application', 'data-testid': 'stage-handle' });
        handle.addEventListener('keydown', (event) => this.stage.hands.nudge(handle.layer, event));
        handles.append(handle);
      }
      drags.forEach(({ layer, pane }, i) => {
        const handle = handles.children[i];
        const lens = this.stage.lens(pane);
        const [x0, y0, x1, y1] = layer.box;
        handle.layer = layer;
        const corners = layer.box.map((one) => Fovea.layer.round(one)).join(', ');
        handle.setAttribute('aria-label', `${layer.title}: ${corners}; ${word('handle')}`);
        const [width, height] = [(x1 - x0) * lens.scale, (y1 - y0) * lens.scale];
        const place = { left: lens.x(x0), top: lens.y(y0), width, height };
        for (const [side, at] of Object.entries(place)) handle.style[side] = `${at}px`;
      });
    }
  };
})();

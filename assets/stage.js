// The stage: one picture in one to four panes that zoom and pan together, and what networks say drawn over it.
// Everything that comes in or is reported is in pixels of the original picture.
window.Fovea = window.Fovea || {};

(() => {
  const [GAP, NARROW] = [8, 560];
  const BARE = [{ title: '', source: null, layers: [] }];
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

  const loaded = async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  };

  const prepared = async ({ title, picture, layers }) => ({
    title: title || '',
    source: picture ? await loaded(picture) : null,
    layers: await Promise.all(layers.map(Fovea.layer.prepared)),
  });

  class Stage {
    constructor(root, trigger = () => {}) {
      Object.assign(this, { root, trigger, picture: null, panes: BARE, given: null, pointer: null, cursor: null });
      Object.assign(this, { view: { zoom: 1, x: 0, y: 0 }, cells: [], turns: { picture: 0, layers: 0 } });
      Object.assign(this, { screen: null, below: null });
      const { make } = Fovea;
      Fovea.words = JSON.parse(root.dataset.words);
      this.settings = Fovea.settings();
      this.ending = new AbortController();
      this.canvas = make('canvas', { 'data-testid': 'stage-canvas', role: 'application', tabIndex: 0 });
      this.canvas.setAttribute('aria-roledescription', Fovea.word('stage'));
      this.empty = make('p', { className: 'empty', textContent: Fovea.word('nothing') });
      this.handles = make('div', { className: 'handles' });
      this.box = make('div', { className: 'view' }, this.canvas, this.handles, this.empty);
      this.hands = new Fovea.Hands(this);
      this.controls = new Fovea.Controls(this);
      root.replaceChildren(...this.controls.above, this.box, ...this.controls.below);
      const { signal } = this.ending;
      window.addEventListener('resize', () => this.layout(), { signal });
      document.addEventListener('fullscreenchange', () => this.layout(), { signal });
      this.seen = new ResizeObserver(() => this.layout());
      this.seen.observe(this.box);
      this.place();
    }

    close() {
      this.ending.abort();
      this.seen.disconnect();
    }

    // {picture: URL, or source: what a canvas can draw, id, size: [h, w] of the original, alt, notes}; {} for none.
    async setPicture(content) {
      const turn = ++this.turns.picture;
      let [source, failed] = [content.source || null, false];
      if (!source && content.picture) source = await loaded(content.picture).catch(() => ((failed = true), null));
      if (turn !== this.turns.picture) return;
      const { id, alt = '', notes = [], size: [height, width] = [0, 0] } = content;
      const other = !source || this.picture?.id !== id;
      this.empty.textContent = Fovea.word(failed ? 'broken' : 'nothing');
      this.picture = source && { id, width, height, source, alt, notes };
      if (other) {
        Object.assign(this, { pointer: null, cursor: null, view: { zoom: 1, x: width / 2, y: height / 2 } });
        this.hands.gesture = null;
      }
      this.place();
    }

    // {picture: id, panes: [{title, picture, layers}]}; {} for none. Wait until the stage shows that picture.
    // Not while a live view has the stage: when that ends it shows again what the page says.
    async setLayers(content) {
      if (this.screen) return;
      const turn = ++this.turns.layers;
      this.hands.gate.open();
      const panes = await Promise.all((content.panes || []).map(prepared));
      if (turn !== this.turns.layers) return;
      this.given = panes.length ? { id: content.picture, panes } : null;
      this.place();
    }

    place() {
      this.lay();
      this.controls.renew();
      this.choose();
      this.layout();
    }
    // Layers lie over the picture they are about and over no other.
    lay() {
      const { picture, given } = this;
      const before = this.drags();
      this.panes = picture && given?.id === picture.id ? given.panes : BARE;
      const whole = picture && [0, 0, picture.width, picture.height];
      for (const layer of this.layers()) if ('place' in layer) layer.place ||= whole;
      if (this.hands.moving())
        for (const layer of this.drags()) layer.box = before.find((old) => Fovea.twins(old, layer))?.box ?? layer.box;
    }

    layers() {
      return this.panes.flatMap((pane) => pane.layers);
    }
    shown(pane) {
      return this.panes[pane].layers.filter((layer) => !this.settings.hidden.has(layer.title));
    }
    drags() {
      return this.layers().filter((layer) => layer.kind === 'drag');
    }
    choose() {
      this.judge();
      this.controls.tell();
      this.redraw();
    }
    judge() {
      const { chosen } = Fovea.layer;
      for (const layer of this.layers()) if (layer.kind === 'boxes') layer.chosen = chosen(layer, this.settings);
    }

    // Where the panes lie, in css pixels of the canvas; nothing while the stage is not seen.
    layout() {
      const { width } = this.box.getBoundingClientRect();
      if (!width) return void (this.cells = []);
      const style = getComputedStyle(this.box);
      const full = style.flexGrow === '1'; // the style sheet lets it take all the room there is
      const letter = parseFloat(style.fontSize);
      const { picture, panes } = this;
      const ratio = picture ? picture.height / picture.width : 0.6;
      const head = panes.some((pane) => pane.title) ? Math.round(letter * 1.75) : 0;
      const room = full ? this.box.clientHeight : Math.max(240, innerHeight * 0.7);
      const narrow = !full && width < NARROW; // then the page scrolls
      const plan = (columns) => {
        const rows = Math.ceil(panes.length / columns);
        const w = (width - GAP * (columns - 1)) / columns;
        const most = narrow ? room : (room - GAP * (rows - 1)) / rows - head;
        return { columns, rows, w, h: full ? most : Math.min(w * ratio, most), fit: Math.min(w, most / ratio) };
      };
      const plans = (narrow ? [1] : [1, 2, panes.length]).map(plan);
      const { columns, rows, w, h } = plans.reduce((best, other) => (other.fit > best.fit ? other : best));
      const place = (i) => [(i % columns) * (w + GAP), Math.floor(i / columns) * (h + head + GAP) + head];
      this.cells = panes.map((_, i) => ({ x: place(i)[0], y: place(i)[1], w, h }));
      const height = full ? room : rows * (h + head) + GAP * (rows - 1);
      this.box.style.height = full ? '' : `${height}px`;
      Object.assign(this, { width, height, head, letter });
      const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
      if (this.canvas.width !== across) this.canvas.width = across; // setting it wipes the canvas
      if (this.canvas.height !== down) this.canvas.height = down;
      this.canvas.style.height = `${height}px`;
      this.hold();
      this.draw();
    }

    fit() {
      const { w, h } = this.cells[0];
      return Math.min(w / this.picture.width, h / this.picture.height);
    }
    scale() {
      return this.fit() * this.view.zoom;
    }
    // The view stays on the picture.
    hold() {
      if (!this.picture || !this.cells.length) return;
      const { view, picture } = this;
      const most = Math.max(8, 64 / this.fit());
      view.zoom = clamp(view.zoom, 1, most);
      const [halfX, halfY] = [this.cells[0].w, this.cells[0].h].map((side) => side / 2 / this.scale());
      view.x = halfX * 2 >= picture.width ? picture.width / 2 : clamp(view.x, halfX, picture.width - halfX);
      view.y = halfY * 2 >= picture.height ? picture.height / 2 : clamp(view.y, halfY, picture.height - halfY);
      this.box.classList.toggle('zoomed', view.zoom > 1);
      this.controls.zoomed(this.scale());
    }

    lens(pane) {
      const { x, y, w, h } = this.cells[pane];
      const scale = this.scale();
      const [left, top] = [x + w / 2 - this.view.x * scale, y + h / 2 - this.view.y * scale];
      const { width, height } = this.picture;
      return {
        scale, width, height, opacity: this.settings.opacity,
        x: (value) => left + value * scale,
        y: (value) => top + value * scale,
        stroke: clamp((this.fit() * width) / 400, 1.5, 3),
        text: Math.round(clamp((this.fit() * width) / 46, this.letter * 0.8, this.letter * 1.2)),
        seen: [
          ...[Math.max(x, left), Math.max(y, top)],
          ...[Math.min(x + w, left + width * scale), Math.min(y + h, top + height * scale)],
        ],
      };
    }
    toPage(x, y, pane = 0) {
      const [lens, corner] = [this.lens(pane), this.canvas.getBoundingClientRect()];
      const stretch = corner.width / this.width;
      return { x: corner.left + lens.x(x) * stretch, y: corner.top + lens.y(y) * stretch };
    }
    // Where a point of the page lies on the picture, perhaps outside of it; null where there is no pane.
    toPicture(clientX, clientY, held = null) {
      if (!this.picture) return null;
      const corner = this.canvas.getBoundingClientRect();
      const stretch = this.width / corner.width;
      const [px, py] = [(clientX - corner.left) * stretch, (clientY - corner.top) * stretch];
      const within = ({ x, y, w, h }) => px >= x && px < x + w && py >= y && py < y + h;
      const pane = held ?? this.cells.findIndex(within);
      if (pane < 0) return null;
      const lens = this.lens(pane);
      return { x: (px - lens.x(0)) / lens.scale, y: (py - lens.y(0)) / lens.scale, pane };
    }
    onPicture(at) {
      return at && Fovea.layer.inside([0, 0, this.picture.width, this.picture.height], at.x, at.y) ? at : null;
    }

    zoomAt(factor, at = { ...this.view, pane: 0 }) {
      if (!this.picture) return;
      const before = this.view.zoom;
      this.view.zoom *= factor;
      this.hold();
      const real = this.view.zoom / before;
      this.view.x = at.x - (at.x - this.view.x) / real;
      this.view.y = at.y - (at.y - this.view.y) / real;
      this.hold();
      this.redraw();
    }
    pan(x, y) {
      this.view.x += x;
      this.view.y += y;
      this.hold();
      this.redraw();
    }
    fitted() {
      this.view.zoom = 1;
      if (this.picture) this.pan(0, 0);
    }

    redraw() {
      this.asked ||= requestAnimationFrame(() => this.draw());
    }
    draw() {
      cancelAnimationFrame(this.asked);
      this.asked = 0;
      if (!this.cells.length || this.ending.signal.aborted) return;
      const context = this.canvas.getContext('2d');
      const style = getComputedStyle(this.box);
      context.setTransform(this.canvas.width / this.width, 0, 0, this.canvas.height / this.height, 0, 0);
      context.fillStyle = style.backgroundColor;
      context.fillRect(0, 0, this.width, this.height);
      this.empty.hidden = Boolean(this.picture);
      if (this.picture) this.cells.forEach((cell, pane) => this.drawPane(context, cell, pane, style.color));
      if (this.picture) this.spread();
      this.controls.handles(this.panes.flatMap((_, pane) => this.draggable(pane)));
    }
    drawPane(context, { x, y, w, h }, pane, ink) {
      const pen = new Fovea.CanvasPen(context);
      const lens = this.lens(pane);
      const at = this.cursor || this.pointer;
      const { title, source } = this.panes[pane];
      context.save();
      context.beginPath();
      context.rect(x, y, w, h);
      context.clip();
      const hover = at?.pane === pane ? this.under(at) : null;
      const [x0, y0, x1, y1] = lens.seen;
      const bare = this.below && this.panes.length === 1;
      if (bare) context.clearRect(x0, y0, x1 - x0, y1 - y0);
      Fovea.paint(pen, bare ? null : source || this.picture.source, this.shown(pane), lens, hover);
      if (at && (this.cursor || at.pane !== pane)) Fovea.cross(pen, lens.x(at.x), lens.y(at.y));
      context.restore();
      if (title) {
        context.save();
        context.beginPath();
        context.rect(x, y - this.head, w, this.head);
        context.clip();
        pen.words(title, x + 2, y - this.head / 2, this.letter, ink);
        context.restore();
      }
    }
    // An element that shows the picture of the only pane by itself lies under the canvas, which shows what is over it.
    lie(element) {
      if (element === this.below) return;
      this.below?.remove();
      this.below = element;
      if (element) this.box.prepend(element);
      this.draw();
    }
    spread() {
      if (!this.below) return;
      const { scale, width, height, x, y } = this.lens(0);
      const [left, top, across, down] = [x(0), y(0), width * scale, height * scale].map((side) => `${side}px`);
      Object.assign(this.below.style, { left, top, width: across, height: down });
    }
    draggable(pane) {
      return this.shown(pane).filter((layer) => layer.kind === 'drag').map((layer) => ({ layer, pane }));
    }

    // What is to stand out at a place: the smallest box there, the cell of a grid that can be asked.
    under(at) {
      const layers = [...this.shown(at.pane)].reverse();
      const boxes = layers.filter((one) => one.kind === 'boxes');
      const layer = boxes.find((one) => Fovea.layer.smallest(one, at.x, at.y) >= 0);
      const grid = layers.find((one) => one.kind === 'grid' && one.event);
      const cell = grid && Fovea.layer.cell(grid.place, [grid.rows, grid.columns], at.x, at.y);
      return { layer, index: layer ? Fovea.layer.smallest(layer, at.x, at.y) : -1, grid, cell };
    }
    look(at, byKey = false) {
      this.pointer = byKey ? null : at;
      this.cursor = byKey ? at : null;
      this.controls.read(at, byKey);
      this.redraw();
    }
    pick(at) {
      const { grid, cell } = this.under(at);
      this.trigger('pick', { x: at.x, y: at.y, pane: at.pane });
      if (cell) this.trigger(grid.event, { row: cell[0], column: cell[1], x: at.x, y: at.y });
    }
  }

  Fovea.Stage = Stage;
  Fovea.panesOf = (panes) => Promise.all(panes.map(prepared));
  const parsed = (text) => JSON.parse(text || '{}');

  Fovea.stage = ({ element, props, trigger, watch }) => {
    Fovea.main?.close();
    const stage = (Fovea.main = new Stage(element.querySelector('.fovea-stage'), trigger));
    const show = () => stage.setPicture(parsed(props.value));
    stage.still = () => {
      show();
      if (Fovea.lastLayers) stage.setLayers(parsed(Fovea.lastLayers()));
    };
    watch('value', show);
    stage.still();
  };

  // While some are being decoded only the newest of those that come waits: a march is seen however fast it sends.
  Fovea.layers = ({ props, watch }) => {
    Fovea.lastLayers = () => props.value;
    let [busy, waiting] = [false, false];
    const hand = async () => {
      waiting = true;
      if (busy) return;
      busy = true;
      while (waiting) {
        waiting = false;
        await Fovea.main?.setLayers(parsed(props.value)).catch((error) => console.error(error));
      }
      busy = false;
    };
    watch('value', hand);
    hand();
  };
})();

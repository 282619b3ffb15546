// What hands and keys do on the stage: zoom, pan, pick, move boxes; all of it told in pixels of the original.
window.Fovea = window.Fovea || {};

(() => {
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const [TAPPED, LEAST] = [4, 0.5];
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

  Fovea.twins = (one, other) => one.event === other.event && one.title === other.title;

  // One event under way at a time; then the newest, so that the last one always arrives.
  const gate = (send) => {
    let [busy, next, timer] = [false, null, 0];
    const go = (...event) => {
      if (busy) return void (next = event);
      busy = true;
      timer = setTimeout(open, 500);
      send(...event);
    };
    const open = () => {
      clearTimeout(timer);
      busy = false;
      const event = next;
      next = null;
      if (event) go(...event);
    };
    return { go, open, busy: () => busy };
  };

  // A box after a hand moved one of its grips (-1, 0 or 1 along x and y) by dx, dy; [0, 0] is the whole box.
  const pulled = ([x0, y0, x1, y1], [gx, gy], dx, dy, { width, height }) => {
    if (!gx && !gy) {
      const [right, down] = [clamp(dx, -x0, width - x1), clamp(dy, -y0, height - y1)];
      [x0, y0, x1, y1] = [x0 + right, y0 + down, x1 + right, y1 + down];
    }
    if (gx < 0) x0 = clamp(x0 + dx, 0, x1 - LEAST);
    if (gx > 0) x1 = clamp(x1 + dx, x0 + LEAST, width);
    if (gy < 0) y0 = clamp(y0 + dy, 0, y1 - LEAST);
    if (gy > 0) y1 = clamp(y1 + dy, y0 + LEAST, height);
    return [x0, y0, x1, y1].map((one) => Number(one.toFixed(3)));
  };

  Fovea.Hands = class {
    constructor(stage) {
      Object.assign(this, { stage, held: new Map(), gesture: null });
      this.gate = gate((name, data) => stage.trigger(name, data));
      const on = (name, what, options = {}) =>
        stage.canvas.addEventListener(name, what, { signal: stage.ending.signal, ...options });
      on('wheel', (event) => this.wheel(event), { passive: false });
      on('pointerdown', (event) => this.down(event));
      on('pointermove', (event) => this.move(event));
      on('pointerup', (event) => this.up(event));
      on('pointercancel', (event) => this.up(event, true));
      on('pointerleave', (event) => !this.held.has(event.pointerId) && stage.look(null));
      on('keydown', (event) => this.key(event));
      on('blur', () => stage.cursor && stage.look(null));
    }
    // While a box is on its way to the server, what the server says of it is old.
    moving() {
      return Boolean(this.gesture?.grip) || this.gate.busy();
    }

    wheel(event) {
      const { stage } = this;
      const at = stage.toPicture(event.clientX, event.clientY);
      if (!at || (event.deltaY > 0 && stage.view.zoom === 1)) return; // nothing to zoom out of: the page scrolls
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      stage.zoomAt(Math.exp(-clamp(pixels, -240, 240) * (event.ctrlKey ? 0.01 : 0.002)), at);
    }
    down(event) {
      const { stage } = this;
      if (!stage.picture || event.button > 1) return;
      const at = stage.toPicture(event.clientX, event.clientY);
      if (!at) return;
      stage.canvas.setPointerCapture(event.pointerId);
      this.held.set(event.pointerId, event);
      if (this.held.size > 1) return void (this.gesture = { moved: true, pinch: this.pinched(at.pane) });
      const far = event.pointerType === 'touch' ? 20 : 10;
      this.gesture = { from: event, at, moved: false, grip: event.shiftKey ? null : this.gripAt(at, far) };
    }
    gripAt(at, far) {
      const { stage } = this;
      const scale = stage.scale();
      for (const { layer } of stage.draggable(at.pane).reverse()) {
        const [x0, y0, x1, y1] = layer.box;
        const away = ([gx, gy]) =>
          Math.hypot((x0 + x1 + gx * (x1 - x0)) / 2 - at.x, (y0 + y1 + gy * (y1 - y0)) / 2 - at.y) * scale;
        const nearest = [...Fovea.GRIPS].sort((a, b) => away(a) - away(b))[0];
        const inside = Fovea.layer.inside(layer.box, at.x, at.y);
        const whole = inside && Math.min(x1 - x0, y1 - y0) * scale < 3 * far && away([0, 0]) < away(nearest);
        if (away(nearest) <= far && !whole) return { layer, grip: nearest, box: layer.box };
        if (inside) return { layer, grip: [0, 0], box: layer.box };
      }
      return null;
    }
    move(event) {
      const { stage } = this;
      const at = stage.toPicture(event.clientX, event.clientY, this.gesture?.at?.pane);
      if (!this.held.has(event.pointerId)) return this.hover(event, stage.onPicture(at));
      const { gesture } = this;
      const last = this.held.get(event.pointerId);
      this.held.set(event.pointerId, event);
      if (gesture?.pinch) this.pinch(gesture.pinch);
      if (!gesture || gesture.pinch || !at) return;
      gesture.moved ||= Math.hypot(event.clientX - gesture.from.clientX, event.clientY - gesture.from.clientY) > TAPPED;
      if (!gesture.moved) return;
      if (gesture.grip) {
        const { layer, grip, box } = gesture.grip;
        const mine = stage.drags().find((one) => Fovea.twins(one, layer));
        if (mine) this.moveBox(mine, pulled(box, grip, at.x - gesture.at.x, at.y - gesture.at.y, stage.picture));
        stage.look(stage.onPicture(at));
      } else this.drift([last.clientX, last.clientY], [event.clientX, event.clientY]);
    }
    drift([x0, y0], [x1, y1]) {
      const scale = this.stage.scale();
      this.stage.pan((x0 - x1) / scale, (y0 - y1) / scale);
    }
    // Two fingers: how far apart they are, and the place of the picture that stays between them.
    pinched(pane) {
      const [a, b] = [...this.held.values()];
      const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
      const middle = [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
      return { apart, pane, zoom: this.stage.view.zoom, at: this.stage.toPicture(...middle, pane) };
    }
    pinch(start) {
      const { stage } = this;
      stage.zoomAt((start.zoom * this.pinched(start.pane).apart) / start.apart / stage.view.zoom);
      const { at } = this.pinched(start.pane);
      stage.pan(start.at.x - at.x, start.at.y - at.y);
    }
    up(event, lost = false) {
      const { stage, gesture } = this;
      if (!this.held.delete(event.pointerId)) return;
      this.gesture = null;
      if (this.held.size) return; // the finger that stays after two does nothing
      const at = stage.onPicture(stage.toPicture(event.clientX, event.clientY));
      if (!lost && at && gesture && !gesture.moved) stage.pick(at);
      stage.look(event.pointerType === 'touch' && lost ? null : at);
    }
    hover(event, at) {
      const { stage } = this;
      const grip = at && this.gripAt(at, 10)?.grip;
      const turned = grip && grip[0] * grip[1] > 0 ? 'nwse-resize' : 'nesw-resize';
      const shape = grip && (!grip[0] && !grip[1] ? 'move' : !grip[0] ? 'ns-resize' : !grip[1] ? 'ew-resize' : turned);
      stage.canvas.style.cursor = shape || (at && stage.under(at).cell ? 'pointer' : 'crosshair');
      stage.look(at);
    }

    key(event) {
      const { stage } = this;
      if (!stage.picture || event.ctrlKey || event.metaKey) return;
      const { key } = event;
      const at = stage.cursor || stage.pointer || { x: stage.view.x, y: stage.view.y, pane: 0 };
      if ('+='.includes(key)) stage.zoomAt(1.25, stage.cursor || undefined);
      else if ('-_'.includes(key)) stage.zoomAt(0.8, stage.cursor || undefined);
      else if (key === '0') stage.fitted();
      else if (key === 'Enter' || key === ' ') stage.pick(stage.cursor || at);
      else if (stage.panes[key - 1]) stage.look({ ...at, pane: key - 1 }, true);
      else if (ARROWS[key]) this.step(at, ARROWS[key], event.shiftKey || event.altKey);
      else return;
      event.preventDefault();
    }
    // The cursor steps from pixel middle to pixel middle; where the picture is larger than its pane, the view follows.
    step(at, [dx, dy], small) {
      const { stage } = this;
      const stride = small ? 1 : Math.max(1, Math.round(24 / stage.scale()));
      const { width, height } = stage.picture;
      const x = clamp(Math.floor(at.x) + dx * stride, 0, width - 1) + 0.5;
      const y = clamp(Math.floor(at.y) + dy * stride, 0, height - 1) + 0.5;
      if (stage.view.zoom > 1) stage.pan(x - stage.view.x, y - stage.view.y);
      stage.look({ x, y, pane: at.pane }, true);
    }
    // A box that has the focus: arrows move it by a pixel, with Shift its right and lower edges; Alt makes it a tenth.
    nudge(layer, event) {
      const { stage } = this;
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      const [dx, dy] = way.map((one) => one * (event.altKey ? 0.1 : 1));
      const grip = event.shiftKey ? way.map(Math.abs) : [0, 0];
      this.moveBox(layer, pulled(layer.box, grip, dx, dy, stage.picture));
      stage.controls.say(`${layer.title}: ${layer.box.join(', ')}`);
    }

    // Boxes of one event are one box, in every pane.
    moveBox(layer, box) {
      const { stage } = this;
      for (const one of stage.drags()) if (Fovea.twins(one, layer)) one.box = box;
      stage.controls.tell();
      stage.redraw();
      this.gate.go(layer.event, { box });
    }
  };
})();

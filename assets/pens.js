// How layers are drawn, once for the canvas and for SVG: painters tell a pen what to draw, in the pen's own units.
window.Fovea = window.Fovea || {};

(() => {
  const INK = '#181820';
  const RIM = 'rgb(24 24 32 / .6)';
  const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  const CROWD = 40;
  const DEPTH = 4; // rows
  const rgb = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;
  const readableOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 128 ? INK : '#fff');

  const ruler = document.createElement('canvas').getContext('2d');
  const widths = new Map();
  const widthOf = (text, size) => {
    const key = `${size} ${text}`;
    if (!widths.has(key)) {
      if (widths.size > 5000) widths.clear();
      ruler.font = `600 ${size}px ${FONT}`;
      widths.set(key, ruler.measureText(text).width);
    }
    return widths.get(key);
  };

  class CanvasPen {
    constructor(context) {
      this.to = context;
    }
    image(source, x, y, width, height, { smooth, opacity = 1 }) {
      this.to.globalAlpha = opacity;
      this.to.imageSmoothingEnabled = smooth;
      this.to.imageSmoothingQuality = 'medium';
      this.to.drawImage(source, x, y, width, height);
      this.to.globalAlpha = 1;
    }
    ring(x, y, width, height, colour, stroke) {
      this.to.lineWidth = stroke;
      this.to.strokeStyle = colour;
      this.to.strokeRect(x, y, width, height);
    }
    // points: lists of x y x y ..., one list for each line.
    lines(points, colour, stroke) {
      Object.assign(this.to, { lineWidth: stroke, strokeStyle: colour, lineCap: 'round', lineJoin: 'round' });
      this.to.beginPath();
      for (const line of points)
        for (let i = 0; i < line.length; i += 2) this.to[i ? 'lineTo' : 'moveTo'](line[i], line[i + 1]);
      this.to.stroke();
    }
    bar(x, y, width, height, colour, round = 0) {
      this.to.fillStyle = colour;
      this.to.beginPath();
      this.to.roundRect(x, y, width, height, round);
      this.to.fill();
    }
    words(text, x, y, size, colour, { rim = '', align = 'start' } = {}) {
      Object.assign(this.to, { font: `600 ${size}px ${FONT}`, textAlign: align, textBaseline: 'middle' });
      if (rim) {
        Object.assign(this.to, { strokeStyle: rim, lineWidth: size / 4, lineJoin: 'round' });
        this.to.strokeText(text, x, y);
      }
      this.to.fillStyle = colour;
      this.to.fillText(text, x, y);
    }
  }

  const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const trimmed = (value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value);
  const tag = (name, values) =>
    `<${name} ${Object.entries(values).map(([key, one]) => `${key}="${escaped(trimmed(one))}"`).join(' ')}`;

  class SvgPen {
    constructor() {
      this.parts = [];
    }
    add(name, values) {
      this.parts.push(`${tag(name, values)}/>`);
    }
    image(source, x, y, width, height, { smooth, opacity = 1 }) {
      const look = { opacity, style: `image-rendering: ${smooth ? 'auto' : 'pixelated'}`, preserveAspectRatio: 'none' };
      this.add('image', { href: Fovea.embedded(source), x, y, width, height, ...look });
    }
    ring(x, y, width, height, stroke, wide) {
      this.add('rect', { x, y, width, height, fill: 'none', stroke, 'stroke-width': wide });
    }
    lines(points, stroke, wide) {
      const d = points.map((line) => `M${line.map(trimmed).join(' ')}`).join('');
      const ends = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
      this.add('path', { d, fill: 'none', stroke, 'stroke-width': wide, ...ends });
    }
    bar(x, y, width, height, fill, rx = 0) {
      this.add('rect', { x, y, width, height, fill, rx });
    }
    words(text, x, y, size, fill, { rim = '', align = 'start' } = {}) {
      const anchor = { start: 'start', center: 'middle' }[align];
      const round = { 'paint-order': 'stroke', 'stroke-linejoin': 'round' };
      const edge = rim ? { stroke: rim, 'stroke-width': size / 4, ...round } : {};
      const font = { 'font-family': FONT, 'font-size': size, 'font-weight': 600 };
      const place = { x, y, 'dominant-baseline': 'central', 'text-anchor': anchor };
      this.parts.push(`${tag('text', { ...place, ...font, fill, ...edge })}>${escaped(text)}</text>`);
    }
  }

  // An edge on the picture's border is moved inside, where its whole line is seen.
  const within = (at, half, low, high) =>
    Math.abs(at - low) < half ? low + half : Math.abs(at - high) < half ? high - half : at;

  // Where the dashes of one side begin and end: an odd number of pieces, so that every corner has a dash.
  const dashes = (low, high, length, reach) => {
    const pieces = Math.floor((high - low) / length) | 1;
    const cut = (i) => low + ((high - low) * i) / pieces + (i === 0 ? -reach : i === pieces ? reach : 0);
    return Array.from({ length: (pieces + 1) / 2 }, (_, i) => [cut(2 * i), cut(2 * i + 1)]);
  };
  const dashedRing = (pen, left, top, right, bottom, colour, stroke, length) => {
    const half = stroke / 2;
    for (const [low, high] of dashes(left, right, length, half))
      for (const y of [top, bottom]) pen.bar(low, y - half, high - low, stroke, colour);
    for (const [low, high] of dashes(top, bottom, length, half))
      for (const x of [left, right]) pen.bar(x - half, low, stroke, high - low, colour);
  };

  const outline = (pen, [x0, y0, x1, y1], lens, colour, stroke, dashed) => {
    const half = stroke / 2 + 0.5;
    const [left, right] = [x0, x1].map((x) => within(lens.x(x), half, lens.x(0), lens.x(lens.width)));
    const [top, bottom] = [y0, y1].map((y) => within(lens.y(y), half, lens.y(0), lens.y(lens.height)));
    pen.ring(left, top, right - left, bottom - top, RIM, stroke + lens.stroke);
    if (dashed) dashedRing(pen, left, top, right, bottom, colour, stroke, 4 * lens.stroke);
    else pen.ring(left, top, right - left, bottom - top, colour, stroke);
  };

  const hits = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  // A filled label at a box, inside what is seen of the picture, where it covers no label in `taken`; joins them.
  const chip = (pen, text, [x0, y0, x1, y1], lens, colour, taken, always) => {
    const pad = lens.text / 3;
    const [tall, wide] = [lens.text * 1.4, widthOf(text, lens.text) + 2 * pad];
    const half = lens.stroke / 2;
    const [a, b, c, d] = [lens.x(x0) - half, lens.y(y0) - half, lens.x(x1) + half, lens.y(y1) + half];
    const spots = [[a, b - tall], [c - wide, b - tall], [a, d], [c - wide, d], [a, b], [c - wide, b], [a, d - tall]];
    const deeper = Array.from({ length: DEPTH }, (_, row) => b + (row + 1) * (tall + lens.stroke)).filter((y) => y < d - tall);
    spots.push(...deeper.flatMap((y) => [[a, y], [c - wide, y]]));
    const [left, top, right, bottom] = lens.seen;
    const places = spots.map(([x, y]) => {
      const [px, py] = [Math.max(left, Math.min(x, right - wide)), Math.max(top, Math.min(y, bottom - tall))];
      return [px, py, px + wide, py + tall];
    });
    const spot = places.find((place) => !taken.some((other) => hits(place, other))) ?? (always ? places[0] : null);
    if (!spot) return;
    taken.push(spot);
    pen.bar(spot[0], spot[1], wide, tall, rgb(colour), lens.text / 5);
    pen.words(text, spot[0] + pad, spot[1] + tall / 2, lens.text, readableOn(colour));
  };

  const map = (pen, layer, lens) => {
    const [x0, y0, x1, y1] = layer.place;
    const [width, height] = [(x1 - x0) * lens.scale, (y1 - y0) * lens.scale];
    const smooth = layer.smooth || width < layer.size[1];
    pen.image(layer.bitmap, lens.x(x0), lens.y(y0), width, height, { smooth, opacity: lens.opacity });
  };
  const colourOf = (layer, i) => layer.colours[layer.colours.length === 1 ? 0 : i];
  const twice = (pen, points, colour, lens, stroke) => {
    pen.lines(points, INK, stroke + 2 * lens.stroke);
    pen.lines(points, rgb(colour), stroke);
  };

  const PAINTERS = {
    boxes(pen, layer, lens) {
      const hovered = lens.hover?.layer === layer ? lens.hover.index : -1;
      const onPage = (i) => layer.boxes[i].map((v, k) => (k % 2 ? lens.y(v) : lens.x(v)));
      const finite = layer.chosen.filter((i) => layer.boxes[i].every(Number.isFinite));
      const drawn = finite.filter((i) => hits(onPage(i), lens.seen));
      for (const i of [...drawn].reverse())
        if (i !== hovered) outline(pen, layer.boxes[i], lens, rgb(colourOf(layer, i)), lens.stroke, layer.dashed);
      if (drawn.includes(hovered))
        outline(pen, layer.boxes[hovered], lens, rgb(colourOf(layer, hovered)), 2 * lens.stroke, layer.dashed);
      const taken = [];
      const first = drawn.includes(hovered) ? [hovered, ...drawn.filter((i) => i !== hovered)] : drawn;
      for (const i of first.slice(0, CROWD)) {
        const text = Fovea.layer.caption(layer, i);
        const always = i === hovered || drawn.length <= CROWD / 2;
        if (text) chip(pen, text, layer.boxes[i], lens, colourOf(layer, i), taken, always);
      }
    },
    labels: map,
    heat: map,
    grid(pen, { place: [x0, y0, x1, y1], rows, columns, colour, bare }, lens) {
      const cut = (low, high, n) => Array.from({ length: n + 1 }, (_, i) => low + ((high - low) * i) / n);
      const [left, right] = [lens.x(x0), lens.x(x1)];
      const [top, bottom] = [lens.y(y0), lens.y(y1)];
      const across = cut(top, bottom, rows).map((y) => within(y, 0.5, lens.y(0), lens.y(lens.height)));
      const down = cut(left, right, columns).map((x) => within(x, 0.5, lens.x(0), lens.x(lens.width)));
      const lines = [...across.map((y) => [left, y, right, y]), ...down.map((x) => [x, top, x, bottom])];
      const room = Math.min((right - left) / columns, (bottom - top) / rows);
      if (!bare && room > 8 * lens.stroke) pen.lines(lines, 'rgb(24 24 32 / .35)', lens.stroke * 1.25);
      if (!bare) pen.lines(lines, `rgb(${colour.join(' ')} / .7)`, lens.stroke / 2);
      if (lens.cell) {
        const [row, column] = lens.cell;
        const box = [down[column], across[row], down[column + 1], across[row + 1]];
        pen.ring(box[0], box[1], box[2] - box[0], box[3] - box[1], rgb(colour), lens.stroke * 1.5);
      }
    },
    points(pen, { points, labels, colour }, lens) {
      const size = 4 * lens.stroke + 1;
      const dots = points.map(([x, y]) => [lens.x(x), lens.y(y), lens.x(x), lens.y(y)]);
      twice(pen, dots, colour, lens, size);
      const look = { rim: readableOn(colour) };
      labels.forEach((text, i) => {
        const [x, y] = dots[i];
        pen.words(text, x + size + lens.text / 4, y, lens.text, rgb(colour), look);
      });
    },
    arrows(pen, { arrows, colour }, lens) {
      const onPage = (one) => one.map((v, i) => (i % 2 ? lens.y(v) : lens.x(v)));
      const lines = arrows.map(onPage).flatMap(([x0, y0, x1, y1]) => {
        const [dx, dy] = [x1 - x0, y1 - y0];
        const head = Math.min(6 * lens.stroke, Math.hypot(dx, dy) / 2) / (Math.hypot(dx, dy) || 1);
        const barb = (side) => [x1 - head * (dx * 0.87 + side * dy * 0.5), y1 - head * (dy * 0.87 - side * dx * 0.5)];
        return [[x0, y0, x1, y1], [...barb(-1), x1, y1, ...barb(1)]];
      });
      twice(pen, lines, colour, lens, lens.stroke);
    },
    texts(pen, { texts, colour }, lens) {
      for (const [x, y, text] of texts)
        pen.words(text, lens.x(x), lens.y(y), lens.text, rgb(colour), { rim: readableOn(colour), align: 'center' });
    },
    drag(pen, { box, colour }, lens) {
      outline(pen, box, lens, rgb(colour), lens.stroke);
      const [size, rim] = [4 * lens.stroke, lens.stroke];
      for (const [gx, gy] of Fovea.GRIPS) {
        const x = lens.x((box[0] + box[2] + gx * (box[2] - box[0])) / 2);
        const y = lens.y((box[1] + box[3] + gy * (box[3] - box[1])) / 2);
        pen.bar(x - size / 2 - rim, y - size / 2 - rim, size + 2 * rim, size + 2 * rim, INK, rim);
        pen.bar(x - size / 2, y - size / 2, size, size, rgb(colour), rim / 2);
      }
    },
  };

  // Where the pointer is, in the other panes.
  Fovea.cross = (pen, x, y) => {
    const arms = [[-1, 0], [1, 0], [0, -1], [0, 1]].map(([dx, dy]) => [x + 3 * dx, y + 3 * dy, x + 9 * dx, y + 9 * dy]);
    pen.lines(arms, INK, 4);
    pen.lines(arms, '#fff', 2);
  };
  // A source as a data URL: an SVG file holds everything itself.
  Fovea.embedded = (source) => {
    if (source.src?.startsWith('data:')) return source.src;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = Fovea.sizeOf(source);
    canvas.getContext('2d').drawImage(source, 0, 0);
    return canvas.toDataURL();
  };
  Fovea.sizeOf = (source) => [
    source.naturalWidth || source.videoWidth || source.width,
    source.naturalHeight || source.videoHeight || source.height,
  ];
  Fovea.GRIPS = [[-1, -1], [0, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [0, 1], [1, 1]];
  Fovea.CanvasPen = CanvasPen;
  Fovea.SvgPen = SvgPen;

  // A pane: its picture, then its layers, the first drawn first.
  // lens: `x`, `y` from the original's pixels to the pen's units, of which one pixel has `scale`.
  Fovea.paint = (pen, source, layers, lens, hover) => {
    const [width, height] = [lens.width * lens.scale, lens.height * lens.scale];
    const [x, y] = [lens.x(0), lens.y(0)];
    if (source) pen.image(source, x, y, width, height, { smooth: width < 3 * Fovea.sizeOf(source)[0] });
    for (const layer of layers)
      PAINTERS[layer.kind](pen, layer, { ...lens, hover, cell: layer === hover?.grid && hover.cell });
  };
})();

// What a layer is: decoded, thresholded, asked about one place, told as table rows. Places in pixels of the original.
window.Fovea = window.Fovea || {};

(() => {
  const MOST_ROWS = 200;
  const f32 = Math.fround;

  // One of the page's texts, with its values.
  Fovea.word = (key, values = {}) => Fovea.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const bytes = (text) => {
    const plain = atob(text);
    const made = new Uint8Array(plain.length);
    for (let i = 0; i < plain.length; i++) made[i] = plain.charCodeAt(i);
    return made;
  };
  const inflated = (text) =>
    new Response(new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer();

  // Greedy and within groups, in float32: equal to torchvision.ops.batched_nms. Indices of those that stay, best first.
  const nms = (boxes, scores, groups, iou) => {
    const exact = Float32Array.from(scores);
    const order = [...exact.keys()].sort((a, b) => exact[b] - exact[a]);
    const flat = order.map((i) => Float32Array.from(boxes[i]));
    const areas = flat.map(([x0, y0, x1, y1]) => f32(f32(x1 - x0) * f32(y1 - y0)));
    const gone = new Uint8Array(order.length);
    const kept = [];
    for (let i = 0; i < order.length; i++) {
      if (gone[i]) continue;
      kept.push(order[i]);
      const [x0, y0, x1, y1] = flat[i];
      for (let j = i + 1; j < order.length; j++) {
        if (gone[j] || (groups && groups[order[i]] !== groups[order[j]])) continue;
        const other = flat[j];
        const wide = Math.max(0, f32(Math.min(x1, other[2]) - Math.max(x0, other[0])));
        const tall = Math.max(0, f32(Math.min(y1, other[3]) - Math.max(y0, other[1])));
        const shared = f32(wide * tall);
        if (f32(shared / f32(f32(areas[i] + areas[j]) - shared)) > iou) gone[j] = 1;
      }
    }
    return kept;
  };

  // Indices of the boxes that the sliders leave, best first.
  const chosen = (layer, { score, iou }) => {
    const all = [...layer.boxes.keys()];
    if (!layer.scores) return all;
    const high = layer.score === null ? all : all.filter((i) => layer.scores[i] >= score);
    if (layer.iou === null) return high;
    const of = (values) => values && high.map((i) => values[i]);
    return nms(of(layer.boxes), of(layer.scores), of(layer.groups), iou).map((i) => high[i]);
  };

  const bitmap = ([rows, columns], colour) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
    const into = canvas.getContext('2d');
    const image = into.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = colour(i);
    into.putImageData(image, 0, 0);
    return canvas;
  };
  const packed = (r, g, b) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

  const finite = (place) => place.every((one) => typeof one === 'string' || Number.isFinite(one));
  const PREPARED = {
    points: (layer) => ({
      ...layer,
      labels: layer.labels.filter((_, i) => finite(layer.points[i])),
      points: layer.points.filter(finite),
    }),
    arrows: (layer) => ({ ...layer, arrows: layer.arrows.filter(finite) }),
    texts: (layer) => ({ ...layer, texts: layer.texts.filter(finite) }),
    async labels(layer) {
      const values = new Uint8Array(await inflated(layer.data));
      const table = new Uint32Array(256);
      for (const [index, colour] of Object.entries(layer.colours)) table[index] = packed(...colour);
      if (layer.void in table) table[layer.void] = 0;
      return { ...layer, data: null, values, bitmap: bitmap(layer.size, (i) => table[values[i]]) };
    },
    async heat(layer) {
      const values = new Float32Array(await inflated(layer.data));
      const colours = bytes(layer.colours);
      const { low, high } = layer;
      const colour = (i) => {
        const share = (Math.min(Math.max(values[i], low), high) - low) / (high - low || 1);
        const at = 3 * Math.round(255 * share);
        return Number.isNaN(share) ? 0 : packed(colours[at], colours[at + 1], colours[at + 2]);
      };
      return { ...layer, data: null, values, colours, bitmap: bitmap(layer.size, colour) };
    },
  };

  const round = (value, digits = 1) => String(Number(value.toFixed(digits)));
  const short = (value) => {
    if (!Number.isFinite(value)) return Fovea.word('no_value');
    const size = Math.abs(value);
    return size && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  };
  const percent = (score) => `${Math.round(score * 100)}%`;
  const inside = ([x0, y0, x1, y1], x, y) => x >= x0 && x < x1 && y >= y0 && y < y1;
  const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);

  const caption = (layer, i) =>
    [layer.labels[i], layer.scores && percent(layer.scores[i])].filter(Boolean).join(' ');

  // The cell [row, column] of a map or a grid at a place, or null.
  const cell = (place, [rows, columns], x, y) =>
    inside(place, x, y)
      ? [
          Math.min(rows - 1, Math.floor(((y - place[1]) / (place[3] - place[1])) * rows)),
          Math.min(columns - 1, Math.floor(((x - place[0]) / (place[2] - place[0])) * columns)),
        ]
      : null;
  const value = (layer, x, y) => {
    const at = cell(layer.place, layer.size, x, y);
    return at && layer.values[at[0] * layer.size[1] + at[1]];
  };

  // The smallest chosen box at a place, as its index, or -1.
  const smallest = (layer, x, y) =>
    layer.chosen.reduce((best, i) => {
      const here = inside(layer.boxes[i], x, y) && (best < 0 || area(layer.boxes[i]) < area(layer.boxes[best]));
      return here ? i : best;
    }, -1);

  // What a layer says of one place: a text, or null.
  const TOLD = {
    boxes(layer, x, y) {
      const i = smallest(layer, x, y);
      return i < 0 ? null : caption(layer, i) || `${layer.title} ${i + 1}`;
    },
    labels(layer, x, y) {
      const index = value(layer, x, y);
      if (index === null || index === layer.void) return null;
      return layer.names[index] ?? Fovea.word('unnamed', { index });
    },
    heat(layer, x, y) {
      const here = value(layer, x, y);
      return here === null ? null : `${short(here)}${Number.isNaN(here) ? '' : ` ${layer.unit}`}`.trim();
    },
    grid(layer, x, y) {
      const at = cell(layer.place, [layer.rows, layer.columns], x, y);
      return at && Fovea.word('cell', { row: at[0], column: at[1] });
    },
  };

  const CORNERS = ['x0', 'y0', 'x1', 'y1'];
  const heads = (...keys) => keys.filter(Boolean).map((key) => Fovea.word(key));
  const numbers = (values) => values.map((one) => round(one, 2));
  const counted = (layer) => {
    const counts = new Map();
    for (const index of layer.values) counts.set(index, (counts.get(index) || 0) + 1);
    counts.delete(layer.void);
    return [...counts].sort((a, b) => b[1] - a[1]);
  };

  // Head cells and all body rows; a row that is made only when shown is a function's result.
  const ROWS = {
    boxes: (layer) => ({
      head: ['#', ...heads(layer.labels.length && 'label', layer.scores && 'score_head'), ...CORNERS],
      count: layer.chosen.length,
      row(n) {
        const i = layer.chosen[n];
        const named = layer.labels.length ? [layer.labels[i]] : [];
        return [n + 1, ...named, ...(layer.scores ? [layer.scores[i].toFixed(3)] : []), ...numbers(layer.boxes[i])];
      },
    }),
    labels(layer) {
      const counts = (layer.counts ??= counted(layer));
      const share = (n) => percent(counts[n][1] / layer.values.length);
      const row = (n) => [layer.names[counts[n][0]] ?? counts[n][0], counts[n][1], share(n)];
      return { head: heads('class', 'cells', 'share'), count: counts.length, row };
    },
    heat(layer) {
      const [rows, columns] = layer.size;
      if (rows * columns <= MOST_ROWS && columns <= 16) {
        const row = (n) => [n, ...Array.from(layer.values.subarray(n * columns, (n + 1) * columns), short)];
        return { head: [...heads('row'), ...Array(columns).keys()], count: rows, row };
      }
      const known = () => [...layer.values.keys()].filter((i) => !Number.isNaN(layer.values[i]));
      const order = (layer.order ??= known().sort((a, b) => layer.values[b] - layer.values[a]));
      const row = (n) => [Math.floor(order[n] / columns), order[n] % columns, short(layer.values[order[n]])];
      const greatest = Fovea.word('greatest', { unit: layer.unit || Fovea.word('value') });
      return { head: [...heads('row', 'column'), greatest], count: order.length, row };
    },
    grid: (layer) => ({
      head: [...heads('rows', 'columns'), ...CORNERS],
      count: 1,
      row: () => [layer.rows, layer.columns, ...numbers(layer.place)],
    }),
    points: (layer) => ({
      head: ['#', ...heads(layer.labels.length && 'label'), 'x', 'y'],
      count: layer.points.length,
      row: (n) => [n + 1, ...layer.labels.slice(n, n + 1), ...numbers(layer.points[n])],
    }),
    arrows: (layer) => ({
      head: ['#', ...heads('from_x', 'from_y', 'to_x', 'to_y')],
      count: layer.arrows.length,
      row: (n) => [n + 1, ...numbers(layer.arrows[n])],
    }),
    texts: (layer) => ({
      head: [...heads('text'), 'x', 'y'],
      count: layer.texts.length,
      row: (n) => [layer.texts[n][2], ...numbers(layer.texts[n].slice(0, 2))],
    }),
    drag: (layer) => ({ head: CORNERS, count: 1, row: () => numbers(layer.box) }),
  };

  Fovea.layer = {
    cell,
    caption,
    chosen,
    inside,
    nms,
    round,
    short,
    smallest,
    prepared: async (layer) => (PREPARED[layer.kind] ? PREPARED[layer.kind](layer) : { ...layer }),
    told: (layer, x, y) => TOLD[layer.kind]?.(layer, x, y) ?? null,
    table(layer) {
      const { head, count, row } = ROWS[layer.kind](layer);
      const rows = Array.from({ length: Math.min(count, MOST_ROWS) }, (_, n) => row(n));
      return { head, rows, more: count - rows.length };
    },
  };
})();

// The stage as a file, made in the page: PNG and SVG at the original's size, a clip of the canvas.
window.Fovea = window.Fovea || {};

(() => {
  const [MOST_PIXELS, MOST_SIDE] = [100e6, 16_000];
  const CLIPS = ['video/webm', 'video/mp4'];
  const [PAPER, INK] = ['#fafafa', '#181820'];

  const save = (blob, stage, ending) => {
    const link = document.createElement('a');
    const name = stage.picture.alt.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60).replace(/^-|-$/g, '');
    link.href = URL.createObjectURL(blob);
    link.download = `${name || 'fovea'}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  // The panes in a row, in pixels of the original; several have their titles above them.
  const sheet = (stage) => {
    const { width, height } = stage.picture;
    const several = stage.panes.length > 1;
    const short = Math.min(width, height);
    const [stroke, text] = [Math.max(1, short / 240), Math.max(12, short / 30)];
    const gap = several ? 4 * stroke : 0;
    const head = several && stage.panes.some((pane) => pane.title) ? Math.round(2 * text) : 0;
    const places = stage.panes.map((_, i) => Math.round(i * (width + gap)));
    return { width: places.at(-1) + width, height: head + height, head, places, stroke, text };
  };
  const lens = (stage, { stroke, text }, x, y) => {
    const { width, height } = stage.picture;
    return {
      scale: 1, width, height, stroke, text, opacity: stage.settings.opacity,
      x: (value) => x + value, y: (value) => y + value, seen: [x, y, x + width, y + height],
    };
  };
  const paint = (pen, stage, pane, seen) =>
    Fovea.paint(pen, stage.panes[pane].source || stage.picture.source, stage.shown(pane), seen, null);

  const drawn = (stage) => {
    const page = sheet(stage);
    const most = Math.sqrt(MOST_PIXELS / (page.width * page.height));
    const shrink = Math.min(1, most, MOST_SIDE / page.width, MOST_SIDE / page.height);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [page.width, page.height].map((side) => Math.max(1, Math.floor(side * shrink)));
    const context = canvas.getContext('2d');
    const pen = new Fovea.CanvasPen(context);
    context.scale(shrink, shrink);
    if (stage.panes.length > 1) pen.bar(0, 0, page.width, page.height, PAPER);
    page.places.forEach((x, pane) => {
      context.save();
      context.beginPath();
      context.rect(x, 0, stage.picture.width, page.height);
      context.clip();
      if (page.head) pen.words(stage.panes[pane].title, x + page.text / 2, page.head / 2, page.text * 1.15, INK);
      context.beginPath();
      context.rect(x, page.head, stage.picture.width, stage.picture.height);
      context.clip();
      paint(pen, stage, pane, lens(stage, page, x, page.head));
      context.restore();
    });
    return canvas;
  };

  const vector = (stage) => {
    const page = sheet(stage);
    const { width, height } = stage.picture;
    const pen = new Fovea.SvgPen();
    if (stage.panes.length > 1) pen.bar(0, 0, page.width, page.height, PAPER);
    page.places.forEach((x, pane) => {
      if (page.head) pen.words(stage.panes[pane].title, x + page.text / 2, page.head / 2, page.text * 1.15, INK);
      const inner = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
      pen.parts.push(`<svg x="${x}" y="${page.head}" ${inner}>`);
      paint(pen, stage, pane, lens(stage, page, 0, 0));
      pen.parts.push('</svg>');
    });
    const size = `width="${page.width}" height="${page.height}" viewBox="0 0 ${page.width} ${page.height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${pen.parts.join('\n')}\n</svg>\n`;
  };

  let recorder = null;
  let ending = false;
  const record = (stage) => {
    const [chunks, mimeType] = [[], CLIPS.find((type) => MediaRecorder.isTypeSupported(type))];
    ending = false;
    recorder = new MediaRecorder(stage.canvas.captureStream(30), { mimeType, videoBitsPerSecond: 8e6 });
    recorder.ondataavailable = ({ data }) => {
      if (data.size) chunks.push(data);
      if (ending && chunks.length && recorder?.state === 'recording') recorder.stop();
    };
    recorder.onstop = () => {
      recorder = null;
      stage.controls.recording(false);
      save(new Blob(chunks, { type: mimeType }), stage, mimeType.slice('video/'.length));
    };
    recorder.start(1000);
    stage.controls.recording(true);
    const again = () => recorder && (stage.draw(), requestAnimationFrame(again)); // a still canvas gives no frames
    again();
  };
  // Once there is a picture in it, which on a busy machine takes a while.
  const end = () => {
    ending = true;
    if (recorder.state === 'recording') recorder.requestData();
  };

  Fovea.exports = {
    drawn,
    vector,
    png: (stage) => drawn(stage).toBlob((blob) => save(blob, stage, 'png')),
    svg: (stage) => save(new Blob([vector(stage)], { type: 'image/svg+xml' }), stage, 'svg'),
    recording: () => Boolean(recorder),
    clip: (stage) => (recorder ? end() : record(stage)),
  };
})();

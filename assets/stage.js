// The stage: one picture, and what the networks say about it drawn over it in pixels of the original.
window.Fovea = window.Fovea || {};

Fovea.stage = function ({ element, props, watch }) {
  const SVG = 'http://www.w3.org/2000/svg';
  const root = element.querySelector('.fovea-stage');
  const figure = document.createElement('figure');
  const image = document.createElement('img');
  const layer = document.createElementNS(SVG, 'svg');
  const caption = document.createElement('figcaption');
  layer.setAttribute('aria-hidden', 'true');
  const frame = document.createElement('div');
  frame.className = 'frame';
  frame.append(image, layer);
  figure.append(frame, caption);
  root.append(figure);

  const rectangle = ([x0, y0, x1, y1]) => {
    const shape = document.createElementNS(SVG, 'rect');
    for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }))
      shape.setAttribute(name, value);
    return shape;
  };

  const draw = () => {
    const content = JSON.parse(props.value || '{}');
    figure.hidden = !content.picture;
    if (figure.hidden) return;
    const [height, width] = content.size;
    if (image.src !== content.picture) image.src = content.picture;
    image.alt = content.alt;
    frame.style.setProperty('--ratio', width / height);
    layer.setAttribute('viewBox', `0 0 ${width} ${height}`);
    layer.replaceChildren(...content.windows.map(rectangle));
    const crops = content.windows.length;
    const seen = crops === 1 ? 'dashed: what the network saw' : crops ? `dashed: the ${crops / 2} places of ${crops} crops` : '';
    caption.textContent = [content.alt, seen].filter(Boolean).join(' · ');
  };
  watch('value', draw);
  draw();
};

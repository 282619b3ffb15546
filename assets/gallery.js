// The sample gallery: one button a picture, thumbnails from this host.
window.Fovea = window.Fovea || {};

Fovea.gallery = function ({ element, props, trigger }) {
  const root = element.querySelector('.fovea-gallery');
  const buttons = JSON.parse(props.value || '[]').map(([name, title]) => {
    const button = document.createElement('button');
    const image = document.createElement('img');
    button.type = 'button';
    button.title = title;
    button.dataset.testid = `sample-${name}`;
    image.src = `thumbnail/${encodeURIComponent(name)}.jpg`;
    image.alt = title;
    button.append(image);
    button.addEventListener('click', () => {
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      trigger('pick', { name });
    });
    return button;
  });
  root.append(...buttons);
};

// The gallery: shelves of pictures, one button each, thumbnails from this host.
window.Fovea = window.Fovea || {};

Fovea.gallery = function ({ element, props, trigger }) {
  const root = element.querySelector('.fovea-gallery');
  const buttons = [];
  const picture = ([name, title]) => {
    const button = document.createElement('button');
    const image = document.createElement('img');
    button.type = 'button';
    button.title = title;
    button.dataset.testid = name;
    image.src = `thumbnail/${encodeURIComponent(name)}.jpg`;
    image.alt = title;
    button.append(image);
    button.addEventListener('click', () => {
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      trigger('pick', { name });
    });
    buttons.push(button);
    return button;
  };
  for (const [title, pictures] of JSON.parse(props.value || '[]')) {
    const heading = document.createElement('h3');
    heading.textContent = title;
    root.append(heading, ...pictures.map(picture));
  }
};

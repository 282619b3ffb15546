// One picture from the camera: it travels in the page's own message and is never a file on the server.
window.Fovea = window.Fovea || {};

Fovea.camera = function ({ element, props, trigger }) {
  const words = JSON.parse(props.value);
  const root = element.querySelector('.fovea-camera');
  const open = Fovea.button(words.camera_open, { icon: 'camera', testid: 'camera-open' });
  const take = Fovea.button(words.camera_take, { testid: 'camera-take' });
  const close = Fovea.button('', { icon: 'leave', testid: 'camera-close', hint: words.camera_close });
  const video = document.createElement('video');
  const said = document.createElement('p');
  const kept = document.createElement('p');
  kept.textContent = words.camera_kept;
  kept.className = 'fine';
  close.setAttribute('aria-label', words.camera_close);
  Object.assign(video, { muted: true, playsInline: true, autoplay: true });
  said.setAttribute('role', 'alert');
  root.append(open, video, take, close, said, kept);

  let stream = null;
  const show = (live) => {
    [video, take, close].forEach((part) => { part.hidden = !live; });
    open.hidden = live;
  };
  Fovea.snap = (jpeg) => Fovea.page.fetch(() => trigger('snap', { jpeg })); // a data URL becomes the page's picture
  const stop = () => {
    if (stream) Fovea.letGo(stream);
    stream = null;
    video.srcObject = null;
    show(false);
  };

  open.addEventListener('click', async () => {
    said.textContent = '';
    open.disabled = true;
    try {
      stream = await Fovea.askCamera({ width: { ideal: 1280 } }, words);
      stream.getVideoTracks()[0].addEventListener('ended', () => {
        stop();
        said.textContent = words.camera_unplugged;
      });
      video.srcObject = stream;
      await video.play();
      show(true);
      take.focus();
    } catch (error) {
      stop();
      said.textContent = error.message;
    }
    open.disabled = false;
  });
  take.addEventListener('click', () => {
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    const jpeg = canvas.toDataURL('image/jpeg', 0.92);
    Fovea.snap(jpeg);
    stop();
  });
  close.addEventListener('click', stop);
  document.addEventListener('fovea:way', stop);
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
  show(false);
};

// One picture from the camera: it travels in the page's own message and is never a file on the server.
window.Fovea = window.Fovea || {};

Fovea.camera = function ({ element, props, trigger }) {
  const WAIT_MS = 15000;
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
  const stop = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    show(false);
  };
  const REASONS = {
    NotAllowedError: words.camera_refused,
    NotFoundError: words.camera_none,
    NotReadableError: words.camera_busy,
    TimeoutError: words.camera_late,
  };
  const ask = () => {
    if (!navigator.mediaDevices)
      return Promise.reject(new Error(words.camera_insecure));
    const late = new Promise((_, no) => setTimeout(() => no(new DOMException('', 'TimeoutError')), WAIT_MS));
    return Promise.race([navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } }), late]);
  };

  open.addEventListener('click', async () => {
    said.textContent = '';
    open.disabled = true;
    try {
      stream = await ask();
      video.srcObject = stream;
      await video.play();
      show(true);
      take.focus();
    } catch (error) {
      stop();
      said.textContent = REASONS[error.name] || error.message;
    }
    open.disabled = false;
  });
  take.addEventListener('click', () => {
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    const jpeg = canvas.toDataURL('image/jpeg', 0.92);
    Fovea.page.fetch(() => trigger('snap', { jpeg }));
    stop();
  });
  close.addEventListener('click', stop);
  document.addEventListener('fovea:way', stop);
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
  show(false);
};

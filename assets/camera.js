// One picture from the camera: it travels in the page's own message and is never a file on the server.
window.Fovea = window.Fovea || {};

Fovea.camera = function ({ element, trigger }) {
  const WAIT_MS = 15000;
  const root = element.querySelector('.fovea-camera');
  const button = (text, testid) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.dataset.testid = testid;
    return made;
  };
  const open = button('Use the camera', 'camera-open');
  const take = button('Take the picture', 'camera-take');
  const close = button('Close', 'camera-close');
  const video = document.createElement('video');
  const said = document.createElement('p');
  Object.assign(video, { muted: true, playsInline: true, autoplay: true });
  said.setAttribute('role', 'alert');
  root.append(open, video, take, close, said);

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
    NotAllowedError: 'The browser refused the camera: allow it in the address bar, then try again.',
    NotFoundError: 'No camera was found: plug one in, or upload a picture.',
    NotReadableError: 'The camera is busy in another program: close that program, then try again.',
    TimeoutError: 'The camera did not answer: look for the browser’s question, then try again.',
  };
  const ask = () => {
    if (!navigator.mediaDevices)
      return Promise.reject(new Error('A browser gives its camera only to pages on https or localhost: upload a picture, or open this page there.'));
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
    trigger('snap', { jpeg: canvas.toDataURL('image/jpeg', 0.92) });
    stop();
  });
  close.addEventListener('click', stop);
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
  show(false);
};

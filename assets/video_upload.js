// A video of one's own on its way to the server: chosen, sent as it is, told what it is; forgotten when the page goes.
window.Fovea = window.Fovea || {};

Fovea.videofile = function ({ element, props, trigger }) {
  const { most, seconds } = JSON.parse(props.value);
  const root = element.querySelector('.fovea-videofile');
  const words = JSON.parse(root.dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const mega = (bytes) => String(Math.ceil(bytes / 1e5) / 10);
  const span = (time) => {
    if (time < 60) return `${Number(time.toPrecision(3))} s`;
    const [minutes, rest] = [Math.floor(Math.round(time) / 60), Math.round(time) % 60];
    const two = (number) => String(number).padStart(2, '0');
    return minutes < 60 ? `${minutes}:${two(rest)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(rest)}`;
  };
  const place = (id = '') => new URL(`video${id && `/${id}`}`, document.baseURI);

  const choose = Fovea.button(words.choose, { icon: 'file', testid: 'video-choose' });
  const cancel = Fovea.button(words.cancel, { testid: 'video-cancel' });
  const [input, bar, said, hint, kept] = ['input', 'progress', 'p', 'p', 'p'].map((tag) => document.createElement(tag));
  Object.assign(input, { type: 'file', accept: 'video/*,.mkv,.avi', hidden: true });
  input.dataset.testid = 'video-input';
  said.dataset.testid = 'video-picked';
  said.setAttribute('role', 'status');
  bar.max = 1;
  const limits = { most: `${mega(most)} MB`, seconds: span(seconds) };
  hint.textContent = most ? fill(words.hint, limits) : words.hint_any;
  kept.textContent = words.kept;
  hint.className = kept.className = 'fine';
  root.append(input, choose, cancel, bar, said, hint, kept);

  let [sending, mine] = [null, ''];
  const show = (busy) => {
    choose.hidden = busy;
    cancel.hidden = bar.hidden = !busy;
  };
  // The server forgets it anyway in a while; this is for whoever leaves at once.
  const forget = () => {
    sending?.abort();
    if (mine) fetch(place(mine), { method: 'DELETE', keepalive: true }).catch(() => {});
    mine = '';
  };
  const failed = (sentence) => {
    sending = null;
    show(false);
    said.textContent = sentence;
    said.classList.add('trouble');
    trigger('uploaded', { id: '' });
  };
  const arrived = (about) => {
    sending = null;
    mine = about.id;
    show(false);
    const [height, width] = about.size;
    const parts = [fill(words.ready, { ...about, width, height, length: about.seconds ? span(about.seconds) : words.no_length })];
    if (about.sound) parts.push(words.with_sound);
    said.textContent = [parts.join(', '), ...about.notes].join(' · ');
    choose.querySelector('span').textContent = words.again;
    trigger('uploaded', { id: about.id });
  };
  const send = (file) => {
    forget();
    said.classList.remove('trouble');
    if (most && file.size > most) return failed(fill(words.too_large, { got: mega(file.size), most: mega(most) }));
    const request = new XMLHttpRequest();
    const to = place();
    to.searchParams.set('name', file.name);
    const name = file.name.length > 60 ? `${file.name.slice(0, 40)}…${file.name.slice(-19)}` : file.name;
    request.open('POST', to);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
      said.textContent = fill(words.sending, { name, share: `${Math.floor(bar.value * 100)}%` });
    };
    request.upload.onload = () => {
      bar.removeAttribute('value');
      said.textContent = fill(words.looking, { name });
    };
    request.onload = () => {
      if (request !== sending) return;
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = {};
      }
      if (request.status === 200) arrived(answer);
      else failed(typeof answer.detail === 'string' ? answer.detail : words.failed);
    };
    request.onerror = () => request === sending && failed(words.failed);
    bar.value = 0;
    said.textContent = fill(words.sending, { name, share: '0%' });
    sending = request;
    show(true);
    trigger('uploaded', { id: '' });
    request.send(file);
  };

  choose.addEventListener('click', () => input.click());
  cancel.addEventListener('click', () => {
    forget();
    sending = null;
    show(false);
    said.textContent = '';
  });
  input.addEventListener('change', () => {
    if (input.files[0]) send(input.files[0]);
    input.value = '';
  });
  window.addEventListener('pagehide', forget);
  show(false);
};

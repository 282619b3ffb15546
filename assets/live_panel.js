// What starts and stops a live view, and how its pictures are taken: buttons, a line that says how it stands, choices.
window.Fovea = window.Fovea || {};

(() => {
  const KEPT = 'fovea.live';
  const SIZES = ['320x240', '640x480', '1280x720'];
  const FIRST = { size: '640x480', mirror: true, hold: false };

  const kept = () => {
    try {
      const { size, mirror, hold } = JSON.parse(localStorage.getItem(KEPT)) || {};
      return { size: SIZES.includes(size) ? size : FIRST.size, mirror: mirror !== false, hold: hold === true };
    } catch {
      return { ...FIRST };
    }
  };
  const keep = (choices) => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(choices));
    } catch {} // then they last as long as the page
  };

  Fovea.LivePanel = class {
    // does: camera(), file(file), stop(), freeze(), record(), changed() where a choice is another one.
    constructor(root, words, does) {
      const { make, button } = Fovea;
      Object.assign(this, { words, does, choices: kept(), device: '' });
      const act = (name, icon, press) => {
        const made = button(words[name], { icon, testid: `live-${name}`, hint: words[`${name}_hint`] });
        made.addEventListener('click', press);
        return made;
      };
      this.picker = make('input', { type: 'file', accept: 'video/*,.mkv,.mov,.avi', hidden: true, 'data-testid': 'live-picker' });
      this.picker.addEventListener('change', () => {
        const [file] = this.picker.files;
        this.picker.value = '';
        if (file) does.file(file);
      });
      this.buttons = {
        camera: act('start', 'camera', () => does.camera()),
        file: act('play', 'file', () => this.picker.click()),
        stop: act('stop', 'leave', () => does.stop()),
        freeze: act('freeze', 'gallery', () => does.freeze()),
        record: act('record', null, () => does.record()),
      };
      this.state = make('p', { className: 'state', role: 'status', 'data-testid': 'live-state' });
      this.trouble = make('p', { className: 'trouble', role: 'alert', 'data-testid': 'live-trouble' });
      this.cameras = make('select', { 'data-testid': 'live-device' });
      this.cameras.addEventListener('change', () => this.choose('device', this.cameras.value));
      this.sizes = make('select', { 'data-testid': 'live-size' }, ...SIZES.map((size) => new Option(size.replace('x', ' × '), size)));
      this.sizes.value = this.choices.size;
      this.sizes.addEventListener('change', () => this.choose('size', this.sizes.value));
      const named = (name, part) => make('label', {}, make('span', { textContent: words[name] }), part);
      const choices = make('div', { className: 'choices' }, named('device', this.cameras), named('size', this.sizes),
        this.tick('mirror'), this.tick('hold'));
      const buttons = make('div', { className: 'buttons' }, ...Object.values(this.buttons), this.picker);
      root.replaceChildren(buttons, this.state, this.trouble, choices);
      document.addEventListener('fovea:recording', ({ detail }) => this.recording(detail));
      navigator.mediaDevices?.addEventListener?.('devicechange', () => this.list());
      this.show('');
      this.list();
    }
    tick(name) {
      const box = Fovea.make('input', { type: 'checkbox', checked: this.choices[name], 'data-testid': `live-${name}` });
      box.addEventListener('change', () => this.choose(name, box.checked));
      const text = Fovea.make('span', { textContent: this.words[name] });
      return Fovea.make('label', { className: 'tick', title: this.words[`${name}_hint`] }, box, text);
    }
    choose(name, value) {
      if (name === 'device') this.device = value;
      else keep(Object.assign(this.choices, { [name]: value }));
      this.does.changed(name);
    }
    // How pictures are taken, for a session.
    get wanted() {
      const [width, height] = this.choices.size.split('x').map(Number);
      return { device: this.device, width, height, mirror: this.choices.mirror, hold: this.choices.hold };
    }
    async list(chosen = this.device) {
      const found = await Fovea.cameras();
      const named = found.map(({ label, deviceId }, i) => new Option(label || `${this.words.device} ${i + 1}`, deviceId));
      this.cameras.replaceChildren(new Option(this.words.any_camera, ''), ...named);
      this.device = found.some(({ deviceId }) => deviceId === chosen) ? chosen : '';
      this.cameras.value = this.device;
    }

    // kind: camera, file, or '' where nothing runs; asking: while the browser asks for the camera.
    show(kind, asking = false) {
      const { camera, file, stop, freeze, record } = this.buttons;
      for (const part of [camera, file]) part.hidden = Boolean(kind) || asking;
      stop.hidden = !kind && !asking;
      freeze.hidden = !kind;
      record.hidden = !kind || !window.MediaRecorder;
      this.badge(kind);
    }
    say(text) {
      this.state.textContent = text;
    }
    complain(text) {
      this.trouble.textContent = text;
    }
    recording(on) {
      this.buttons.record.classList.toggle('on', on);
      this.buttons.record.lastChild.textContent = this.words[on ? 'recorded' : 'record'];
    }
    // On the stage itself, so that it is seen in full screen and while presenting too.
    badge(kind) {
      document.querySelector('[data-testid=live-badge]')?.remove();
      if (!kind) return;
      const text = this.words[`${kind}_on`].replace('{host}', location.host);
      const made = { className: `live-badge ${kind}`, textContent: text, 'data-testid': 'live-badge', role: 'status' };
      Fovea.main?.box.append(Fovea.make('p', made));
    }
  };
})();

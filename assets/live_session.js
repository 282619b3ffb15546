// One live view from its start to its end: pictures of a source go to the socket, the newest first; answers to the stage.
window.Fovea = window.Fovea || {};

(() => {
  const FROZEN_QUALITY = 0.95;
  const BARE = [{ title: '', source: null, layers: [] }];

  Fovea.LiveSession = class {
    // settings: {ask, hold, mirror, width, height}; told: state(text), answer(content), trouble(text), ended(why).
    constructor(settings, words, told) {
      Object.assign(this, { settings, words, told, source: null, socket: null, screen: null, glass: null });
      Object.assign(this, { newest: null, seen: null, onWay: new Map(), number: 0, drawn: 0 });
      Object.assign(this, { stopped: false, encoding: false, asking: false, answering: false });
      this.counters = new Fovea.LiveCounters();
      this.pace = new Fovea.LivePace();
      this.jpeg = new Fovea.LiveJpeg();
    }
    async begin(opening) {
      const source = await opening;
      if (this.stopped) return source.stop();
      this.source = source;
      const again = (seconds, why) => {
        this.quiet();
        this.told.trouble(why || '');
        this.told.state(this.words.reconnecting.replace('{seconds}', Math.round(seconds)));
      };
      const open = (reopened) => {
        if (reopened) this.counters.reconnected();
        this.told.trouble('');
        this.ask();
      };
      this.told.state(this.words.connecting);
      this.socket = new Fovea.LiveSocket({ open, waiting: again, message: (content) => this.heard(content) });
    }
    // The camera is off when this returns; kept: its last picture stays on the stage until another takes its place.
    stop(why = '', kept = false) {
      if (this.stopped) return;
      this.stopped = true;
      clearTimeout(this.timer);
      this.source?.stop();
      this.pass();
      this.socket?.close();
      this.jpeg.close();
      if (!kept) this.screen?.close();
      this.told.ended(why);
    }
    ended(why) {
      this.stop(why);
    }

    // What is wanted of the pictures, anew.
    set(settings) {
      const other = JSON.stringify(settings.ask) !== JSON.stringify(this.settings.ask);
      const { mirror, width, height } = this.settings;
      this.settings = settings;
      if (mirror !== settings.mirror) this.glass = null;
      if (width !== settings.width || height !== settings.height) {
        this.glass = null;
        this.source?.resize(settings);
      }
      if (other && this.socket?.open) this.ask();
    }
    ask() {
      this.quiet();
      this.asking = this.socket.say({ ask: { ...this.settings.ask, visitor: Fovea.visitor() } });
      this.told.state(this.words.waking);
    }
    // No answer counts any more that was asked for before.
    quiet() {
      Object.assign(this, { asking: false, answering: false });
      this.pace.anew();
      for (const number of [...this.onWay.keys()]) this.forget(number);
      this.screen?.answer(BARE, null);
      this.told.answer(null);
    }

    frame(now, { captureTime, picture = null }) {
      const video = this.source?.video;
      if (this.screen?.lost) this.stop();
      if (this.stopped || !video?.videoWidth) return picture?.close();
      this.counters.add('camera');
      this.pace.came(now);
      this.fitted(video);
      if (this.newest) this.counters.skipped += 1;
      this.pass();
      const clock = captureTime === undefined ? 'now' : 'captureTime';
      this.newest = { captured: captureTime ?? now, seen: now, clock, picture: this.upright(picture) };
      const [held, recorded] = [this.settings.hold, Fovea.exports.recording()];
      this.under(held || recorded ? null : video);
      this.offer();
      if (recorded ? !held : held && !this.answering) this.show();
    }
    // The newest picture is not sent any more.
    pass() {
      this.newest?.picture?.close();
      this.newest = null;
    }
    // A picture that lies as the video shows it stands for it; a turned phone's does not.
    upright(picture) {
      if (!picture) return null;
      const { displayWidth: videoWidth, displayHeight: videoHeight, rotation, flip } = picture;
      if (!rotation && !flip && this.glass.fits({ videoWidth, videoHeight })) return picture;
      return picture.close() ?? null;
    }
    // Panes and screen are as large as what comes, which a turned phone changes.
    fitted(video) {
      if (this.glass?.fits(video)) return;
      const { kind, turned } = this.source;
      const mirrored = kind === 'camera' && this.settings.mirror && !turned;
      this.glass = new Fovea.LiveGlass(video, this.settings, mirrored);
      video.style.transform = mirrored ? 'scaleX(-1)' : '';
      const { width, height } = this.glass;
      const size = [height, width];
      if (String(size) === String(this.size)) return;
      this.size = size;
      const text = this.words[`alt_${kind}`].replace('{name}', this.source.name);
      this.alt = text.replace('{width}', width).replace('{height}', height);
      this.onWay.clear();
      if (this.screen) this.screen.resize(this.glass.made().canvas, size, this.alt);
      else this.screen = new Fovea.LiveScreen(Fovea.main, this.glass.made().canvas, size, this.alt);
    }
    // The video shows itself, or pictures of it are drawn one by one.
    under(video) {
      if (video && !this.screen.stage.below) this.screen.follow(() => this.now().canvas);
      this.screen.under(video);
    }
    now() {
      const pane = this.glass.take(this.source.video);
      this.held(pane);
      Fovea.LiveGlass.back(pane);
      return pane;
    }
    show() {
      this.screen.show(this.now().canvas);
    }
    // This one is read off, saved and frozen until the next is.
    held(pane) {
      Fovea.LiveGlass.share(pane);
      Fovea.LiveGlass.back(this.seen);
      this.seen = pane;
    }

    // The newest picture goes as soon as one may; nothing ever waits behind another.
    offer() {
      clearTimeout(this.timer);
      if (this.stopped || !this.newest || this.encoding || !this.asking || !this.socket.open) return;
      const now = performance.now();
      const patience = this.pace.patience();
      const expected = [...this.onWay.values()].filter(({ sent }) => now - sent < patience).length;
      const wait = Math.max(this.pace.wait(now, expected), this.pace.fresher(now - this.newest.seen));
      if (wait === Infinity) return;
      if (wait > 0) this.timer = setTimeout(() => this.offer(), wait);
      else this.send();
    }
    async send() {
      const frame = this.newest;
      const number = ++this.number;
      this.newest = null;
      this.encoding = true;
      this.onWay.set(number, frame);
      this.pace.sent((frame.sent = performance.now()));
      const bytes = await this.message(frame, number);
      frame.picture?.close();
      this.encoding = false;
      if (this.stopped) return;
      const gone = this.onWay.has(number) && this.socket.send(bytes);
      frame.left = performance.now();
      if (gone) this.counters.add('sent');
      else this.forget(number);
      this.offer();
    }
    async message(frame, number) {
      const seen = () => (frame.picture?.codedWidth ? frame.picture : this.source.video); // a worker may have taken it
      const direct = this.settings.hold ? null : await this.jpeg.direct(seen(), number, this.glass);
      if (direct || this.stopped) return direct;
      frame.pane = this.glass.take(seen());
      return this.jpeg.message(frame.pane.canvas, number);
    }
    forget(number) {
      Fovea.LiveGlass.back(this.onWay.get(number)?.pane);
      this.onWay.delete(number);
    }

    heard(content) {
      if ('answer' in content) return this.answered(content);
      if ('spoiled' in content) {
        this.counters.spoiled += 1;
        this.forget(content.spoiled);
        this.told.trouble(content.why);
        return this.offer();
      }
      if ('progress' in content) {
        const share = content.share ? ` ${Math.round(content.share * 100)}%` : '';
        return this.told.state(`${content.progress}${share} …`);
      }
      if ('trouble' in content) {
        this.quiet();
        this.told.state('');
        this.told.trouble(content.trouble);
      }
    }
    async answered(content) {
      const now = performance.now();
      const { answer: number, ms, held, at_once: atOnce } = content;
      const frame = this.onWay.get(number);
      this.onWay.delete(number);
      for (const other of [...this.onWay.keys()]) if (other < number) this.forget(other); // passed by, for ever
      if (!frame || content.view !== this.settings.ask.view) return Fovea.LiveGlass.back(frame?.pane);
      this.pace.answered(ms, held, now - frame.sent, atOnce);
      this.counters.answered(content, now);
      this.offer();
      const asked = this.settings.ask;
      const panes = await Fovea.panesOf(content.panes);
      const stands = !this.stopped && asked === this.settings.ask && number > this.drawn && !this.screen.lost;
      if (stands && String(content.size) === String(this.size)) {
        this.drawn = number;
        if (!this.answering) [this.told.state(this.words.running), this.told.trouble('')];
        this.answering = true;
        const still = this.settings.hold && frame.pane;
        if (still) this.held(still);
        this.screen.answer(panes, still ? still.canvas : null);
        this.counters.drawn(frame, Math.max(0, now - frame.left - ms - held));
        this.told.answer(content);
      }
      Fovea.LiveGlass.back(frame.pane);
    }

    // The picture that is seen becomes the page's own: a JPEG as a data URL.
    freeze() {
      if (!this.screen) return;
      if (!(this.settings.hold && this.answering)) this.show();
      this.under(null);
      const still = this.seen.canvas.toDataURL('image/jpeg', FROZEN_QUALITY);
      this.stop(this.words.frozen, true);
      Fovea.snap(still);
    }
  };
})();

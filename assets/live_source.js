// Where live pictures come from: the camera, or a video file that this browser plays and never sends as a file.
window.Fovea = window.Fovea || {};

(() => {
  const listen = (target, name) => new Promise((heard) => target.addEventListener(name, heard, { once: true }));
  const canFollow = 'requestVideoFrameCallback' in HTMLVideoElement.prototype;

  // told: frame(now, {captureTime, picture}) at every new picture, which is what `video` shows where none is given, and else
  // the taker's to close; ended(sentence) when there will be no more.
  Fovea.LiveSource = class {
    static async camera({ device, width, height }, words, told) {
      const wanted = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 60 } };
      const stream = await Fovea.askCamera(device ? { ...wanted, deviceId: { exact: device } } : wanted, words);
      const source = new Fovea.LiveSource('camera', told);
      source.stream = stream;
      source.video.srcObject = stream;
      const [track] = stream.getVideoTracks();
      const { deviceId, facingMode } = track.getSettings?.() ?? {};
      source.device = deviceId || device;
      source.turned = facingMode === 'environment'; // it looks away from whoever holds it
      track.addEventListener('ended', () => source.ended(words.camera_unplugged));
      return source.begun(() => new Error(words.camera_busy));
    }
    static async file(file, words, told) {
      const source = new Fovea.LiveSource('file', told);
      source.name = file.name;
      source.url = URL.createObjectURL(file);
      Object.assign(source.video, { src: source.url, loop: true });
      const unplayable = () => new Error(words.unplayable.replace('{name}', file.name));
      source.video.addEventListener('error', () => source.ended(unplayable().message));
      return source.begun(unplayable);
    }

    constructor(kind, told) {
      Object.assign(this, { kind, told, name: '', stopped: false, asked: 0 });
      this.video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
    }
    async begun(broken) {
      const { video } = this;
      try {
        await Promise.race([video.play(), listen(video, 'error').then(() => Promise.reject(broken()))]);
        if (!video.videoWidth) throw broken();
      } catch {
        this.stop();
        throw broken();
      }
      this.follow();
      return this;
    }
    follow() {
      const { video } = this;
      const [track] = this.stream?.getVideoTracks() ?? [];
      if (track && Fovea.LiveFrames.given()) {
        this.frames = new Fovea.LiveFrames(track, video, (now, frame) => this.told.frame(now, frame));
        return;
      }
      const step = (now, metadata) => {
        if (this.stopped) return;
        this.follow();
        this.told.frame(now, metadata || {});
      };
      this.asked = canFollow ? video.requestVideoFrameCallback(step) : requestAnimationFrame((now) => step(now));
    }
    resize({ width, height }) {
      const [track] = this.stream?.getVideoTracks() ?? [];
      track?.applyConstraints({ width: { ideal: width }, height: { ideal: height } }).catch(() => {});
    }
    ended(why) {
      if (!this.stopped) this.told.ended(why);
    }
    // The camera's light is off when this returns.
    stop() {
      this.stopped = true;
      this.frames?.stop();
      if (this.stream) Fovea.letGo(this.stream);
      if (canFollow) this.video.cancelVideoFrameCallback(this.asked);
      else cancelAnimationFrame(this.asked);
      this.video.srcObject = null;
      this.video.removeAttribute('src');
      if (this.url) URL.revokeObjectURL(this.url);
    }
  };

  // What cameras there are, by id; names are told only to who may use one.
  Fovea.cameras = async () => {
    const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) || [];
    return all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId);
  };
})();

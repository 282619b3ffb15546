// A camera's pictures as they are captured, where the browser gives them: a video element hands each over with the screen's
// next refresh, which is up to 17 ms later.
window.Fovea = window.Fovea || {};

(() => {
  const [KEPT, COMPARED] = [8, 30];

  // When a picture was captured, on the page's clock. Its timestamp is on the camera's, a constant away; the video element
  // tells when some pictures were captured, but not which: the constant is the largest of those it may be for which no
  // picture arrived before it was captured.
  Fovea.CameraClock = class {
    constructor() {
      Object.assign(this, { stamps: [], soonest: Infinity, known: [] });
    }
    // A picture with this timestamp has arrived; both in ms.
    arrived(now, stamp) {
      this.soonest = Math.min(this.soonest, now - stamp);
      this.stamps = [...this.stamps.slice(1 - KEPT), stamp];
    }
    // One of the last pictures was captured then.
    captured(time) {
      this.known.push(...this.stamps.map((stamp) => time - stamp));
    }
    // undefined while nothing is known.
    of(stamp) {
      const known = this.known.filter((ahead) => ahead <= this.soonest);
      return known.length ? stamp + Math.max(...known) : undefined;
    }
  };

  // told(now, {picture, captureTime}) with every VideoFrame, which is the taker's to close; video: shows the same track.
  Fovea.LiveFrames = class {
    static given() {
      return 'MediaStreamTrackProcessor' in window && 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
    }
    constructor(track, video, told) {
      Object.assign(this, { video, told, clock: new Fovea.CameraClock() });
      this.reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
      this.read();
      this.compare(COMPARED);
    }
    async read() {
      for (;;) {
        const { value: picture, done } = await this.reader.read().catch(() => ({ done: true }));
        if (done) return;
        const [now, stamp] = [performance.now(), picture.timestamp / 1000];
        this.clock.arrived(now, stamp);
        this.told(now, { picture, captureTime: this.clock.of(stamp) });
      }
    }
    compare(times) {
      this.asked = this.video.requestVideoFrameCallback((_, { captureTime }) => {
        if (captureTime !== undefined) this.clock.captured(captureTime);
        if (times > 1) this.compare(times - 1);
      });
    }
    stop() {
      this.video.cancelVideoFrameCallback(this.asked);
      this.reader.cancel().catch(() => {});
    }
  };
})();

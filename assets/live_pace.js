// When the next picture may go: two are on their way at most, three where answers come faster than the source's pictures,
// no faster than they are answered, and nearly evenly spaced, for those that go together get in each other's way. Now and
// then one goes alone, and tells how long a picture lies there when none is before it: where one always is, that is not to
// be seen.
window.Fovea = window.Fovea || {};

(() => {
  const [MOST, KEPT, ALONE, EARLY_MS, SMOOTH, EVEN] = [{ slow: 2, fast: 3 }, 50, 40, 1, 8, 0.9];
  const [EAGER_MS, PATIENT_MS] = [250, 1000];

  Fovea.LivePace = class {
    constructor() {
      Object.assign(this, { every: 0, before: 0 });
      this.anew();
    }
    // The source gave a picture.
    came(now) {
      const since = now - this.before;
      if (this.before) this.every = this.every ? this.every + (since - this.every) / SMOOTH : since;
      this.before = now;
    }
    // Milliseconds to wait for a fresher picture than one of this age: the older half is passed by, for the next one comes
    // sooner than this one is old; what does not come in time is not waited for.
    fresher(age) {
      return age < this.every / 2 || age > 1.5 * this.every ? 0 : 1.5 * this.every - age;
    }
    // Another network, or another server, answers.
    anew() {
      Object.assign(this, { gap: 0, held: [], last: -Infinity, arounds: [], around: 0, answers: 0 });
    }
    sent(now) {
      this.last = now;
    }
    // ms: of the network's pass; held: ms the picture lay there besides; around: ms from sending to the answer; atOnce:
    // passes that run side by side.
    answered(ms, held, around, atOnce = 1) {
      this.answers += 1;
      this.held.push(held);
      if (this.held.length > KEPT) this.held.shift();
      const waited = held - Math.min(...this.held);
      this.gap = Math.max(0, (ms + waited - EARLY_MS) / atOnce);
      this.arounds = [...this.arounds.slice(1 - SMOOTH), around];
      // their middle: the first picture of a network may wait a second for it to be loaded
      this.around = [...this.arounds].sort((one, other) => one - other)[(this.arounds.length - 1) >> 1];
    }
    // Milliseconds until one may go; Infinity where answers must come first.
    wait(now, onWay) {
      const most = this.answers % ALONE ? MOST[this.gap < this.every ? 'fast' : 'slow'] : 1;
      return onWay >= most ? Infinity : Math.max(0, this.last + Math.max(this.gap, (EVEN * this.around) / most) - now);
    }
    // After how long an answer is no longer waited for: the server passes by what it has no time for, and says nothing.
    patience() {
      return this.held.length ? Math.max(PATIENT_MS, 3 * this.around) : EAGER_MS;
    }
  };
})();

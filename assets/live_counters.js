// What a live view counts: how many in all, how many a second, and how long, over the last five seconds.
window.Fovea = window.Fovea || {};

(() => {
  const WINDOW_MS = 5000;
  const KINDS = ['camera', 'sent', 'answered', 'drawn'];

  // Of the values, the one below which this share lies; null of none.
  const quantile = (values, share) => {
    if (!values.length) return null;
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  };

  Fovea.LiveCounters = class {
    constructor() {
      this.totals = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
      this.times = Object.fromEntries(KINDS.map((kind) => [kind, []]));
      Object.assign(this, { delays: [], since: performance.now(), clock: 'now', skipped: 0, passed: 0, before: 0 });
      Object.assign(this, { spoiled: 0, reconnects: 0, line: 0, last: { ms: 0, held: 0 }, model: '', device: '' });
    }
    add(kind, now = performance.now()) {
      this.totals[kind] += 1;
      this.times[kind].push(now);
      this.forget(now);
    }
    // A picture with its answer stands on the stage. captured: by the camera's clock where it tells; seen: when the
    // page was given it; network: ms on the way, there and back.
    drawn({ captured, seen, clock }, network, now = performance.now()) {
      this.clock = clock;
      this.delays.push({ now, whole: now - captured, seen: now - seen, network });
      this.add('drawn', now);
    }
    // dropped: what this connection's server has passed by so far.
    answered({ ms, held, line, dropped, model, device }, now) {
      Object.assign(this, { line, passed: dropped, last: { ms, held }, model, device: device || '' });
      this.add('answered', now);
    }
    reconnected() {
      this.reconnects += 1;
      this.before += this.passed;
      this.passed = 0;
    }
    forget(now) {
      const old = now - WINDOW_MS;
      for (const times of Object.values(this.times)) while (times[0] < old) times.shift();
      while (this.delays[0]?.now < old) this.delays.shift();
    }
    told(now = performance.now()) {
      this.forget(now);
      const seconds = Math.max(0.5, Math.min(WINDOW_MS, now - this.since) / 1000);
      const of = (name, share) => quantile(this.delays.map((one) => one[name]), share);
      return {
        ...this.totals,
        dropped: this.skipped + this.before + this.passed,
        skipped: this.skipped,
        passed: this.before + this.passed,
        ...{ spoiled: this.spoiled, reconnects: this.reconnects, line: this.line, model: this.model, device: this.device },
        rates: Object.fromEntries(KINDS.map((kind) => [kind, this.times[kind].length / seconds])),
        ...{ p50: of('whole', 0.5), p95: of('whole', 0.95), clock: this.clock },
        ...{ seen_p50: of('seen', 0.5), seen_p95: of('seen', 0.95), network: of('network', 0.5) },
        ...this.last,
      };
    }
  };
})();

// The live socket: bytes out, messages in, open again by itself when it breaks.
window.Fovea = window.Fovea || {};

(() => {
  const [HERE_MS, LEAST_S, MOST_S] = [4000, 1, 30];

  Fovea.LiveSocket = class {
    // told: open(again), message(content), waiting(seconds, why) when it broke and tries again.
    constructor(told) {
      Object.assign(this, { told, tries: 0, ended: false, opened: 0, why: '', last: 0 });
      this.address = new URL('live', document.baseURI).href.replace(/^http/, 'ws');
      this.pulse = setInterval(() => this.beat(), HERE_MS / 4);
      this.connect();
    }
    get open() {
      return this.socket.readyState === WebSocket.OPEN;
    }
    connect() {
      const socket = (this.socket = new WebSocket(this.address));
      socket.binaryType = 'arraybuffer';
      this.why = '';
      socket.onopen = () => this.told.open(this.opened++ > 0);
      socket.onmessage = ({ data }) => {
        if (socket !== this.socket || this.ended) return;
        const content = JSON.parse(data);
        if ('answer' in content) this.tries = 0;
        if ('bye' in content) this.why = content.bye;
        else this.told.message(content);
      };
      socket.onclose = () => socket === this.socket && this.again();
    }
    // Later each time, and not all browsers of a class at once.
    again() {
      if (this.ended) return;
      const most = Math.min(MOST_S, LEAST_S * 2 ** ++this.tries);
      const seconds = LEAST_S + Math.random() * (most - LEAST_S);
      this.told.waiting(seconds, this.why);
      this.timer = setTimeout(() => this.connect(), seconds * 1000);
    }
    send(content) {
      if (!this.open) return false;
      this.last = performance.now();
      this.socket.send(content);
      return true;
    }
    say(content) {
      return this.send(JSON.stringify(content));
    }
    beat() {
      if (this.open && performance.now() - this.last > HERE_MS - HERE_MS / 4) this.say({ here: true });
    }
    close() {
      this.ended = true;
      clearInterval(this.pulse);
      clearTimeout(this.timer);
      this.socket.close();
    }
  };

  // Whoever this browser is, so that one visitor's views share one turn.
  Fovea.visitor = () => {
    const KEY = 'fovea.visitor';
    const made = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, '0')).join('');
    try {
      const kept = localStorage.getItem(KEY) || made;
      localStorage.setItem(KEY, kept);
      return kept;
    } catch {
      return made; // without storage every view is somebody else's
    }
  };
})();

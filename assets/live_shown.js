// What a live view says beside the stage: the surest classes as bars, and its own speed.
window.Fovea = window.Fovea || {};

(() => {
  const [BARS_MS, COUNTERS_MS] = [100, 500];
  const RATES = ['camera', 'sent', 'answered', 'drawn'];
  const TIMES = ['p50', 'p95', 'network'];
  const LARGE = ['drawn', 'p50'];

  const put = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  Fovea.LiveShown = class {
    constructor(root, words) {
      const { make } = Fovea;
      Object.assign(this, { words, rows: [], drawn: 0, cells: {} });
      this.model = make('p', { className: 'fine', 'data-testid': 'live-model' });
      this.bars = make('ol', { className: 'bars', 'data-testid': 'live-lines' });
      this.notes = make('p', { className: 'fine', 'data-testid': 'live-notes' });
      const cell = (name) => {
        const value = (this.cells[name] = make('dd', { 'data-testid': `live-${name}`, textContent: '–' }));
        const about = { title: words[`${name}_means`], className: LARGE.includes(name) ? 'large' : '' };
        return make('div', about, make('dt', { textContent: words[`count_${name}`] }), value);
      };
      const rest = [...RATES, ...TIMES, 'dropped', 'line'].filter((name) => !LARGE.includes(name));
      const about = { className: 'counts', 'data-testid': 'live-counts', hidden: true };
      this.counts = make('dl', about, ...[...LARGE, ...rest].map(cell));
      root.replaceChildren(this.model, this.bars, this.notes, this.counts);
    }
    // The answer's lines, a few times a second at most; null: none any more.
    answer(content) {
      const now = performance.now();
      if (content && now - this.drawn < BARS_MS) return;
      this.drawn = content ? now : 0;
      const { lines = [], notes = [], model = '', ms = 0 } = content || {};
      while (this.rows.length > lines.length) this.rows.pop().row.remove();
      while (this.rows.length < lines.length) this.rows.push(this.row());
      lines.forEach(([text, share], i) => {
        const { name, bar, figure } = this.rows[i];
        put(name, text);
        put(figure, `${Math.round(share * 100)}%`);
        bar.style.transform = `scaleX(${Math.max(0, Math.min(1, share))})`;
      });
      put(this.model, model ? this.words.by.replace('{model}', model).replace('{ms}', ms.toFixed(ms < 10 ? 1 : 0)) : '');
      put(this.notes, notes.join(' · '));
    }
    row() {
      const { make } = Fovea;
      const [name, bar, figure] = [make('span', { className: 'name' }), make('i'), make('output')];
      const row = make('li', {}, name, make('span', { className: 'track' }, bar), figure);
      this.bars.append(row);
      return { row, name, bar, figure };
    }
    count(counters) {
      this.counts.hidden = false;
      const told = counters.told();
      const short = (value, digits) => (value === null ? '–' : value.toFixed(digits));
      for (const name of RATES) put(this.cells[name], short(told.rates[name], 0));
      for (const name of TIMES) put(this.cells[name], told[name] === null ? '–' : `${short(told[name], 0)} ms`);
      put(this.cells.dropped, String(told.dropped));
      put(this.cells.line, String(told.line));
    }
    // Twice a second from now on, until the session that is asked for has ended.
    follow(session) {
      clearInterval(this.timer);
      const tell = () => (session.stopped ? clearInterval(this.timer) : this.count(session.counters));
      this.timer = setInterval(tell, COUNTERS_MS);
    }
  };
})();

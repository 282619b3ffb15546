// A field to write a digit on; what is drawn goes to the network stroke by stroke, its ten scores come back as bars.
window.Fovea = window.Fovea || {};

Fovea.sketch = function ({ element, props, trigger, watch }) {
  const SIDE = 280, PEN = 22, EVERY_MS = 120;
  const words = JSON.parse(props.value || '{}');
  const root = element.querySelector('.fovea-sketch');
  const make = (tag, testid, text = '') => {
    const made = document.createElement(tag);
    made.dataset.testid = testid;
    made.textContent = text;
    return made;
  };
  const canvas = Object.assign(make('canvas', 'sketch-canvas'), { width: SIDE, height: SIDE, tabIndex: 0 });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', words.sketch_canvas);
  const clear = Object.assign(make('button', 'sketch-clear', words.sketch_clear), { type: 'button' });
  const bars = make('div', 'sketch-bars');
  const said = make('p', 'sketch-said', words.sketch_hint);
  said.setAttribute('role', 'status');
  const meters = [...'0123456789'].map((digit) => {
    const row = make('label', `sketch-${digit}`, digit);
    const meter = Object.assign(document.createElement('meter'), { min: 0, max: 1, value: 0 });
    row.append(meter);
    bars.append(row);
    return meter;
  });
  root.append(canvas, bars, said, clear);

  const pen = canvas.getContext('2d');
  let last = null, waiting = false, changed = false, timer = 0, empty = true;
  const wipe = () => {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, SIDE, SIDE);
    meters.forEach((meter) => { meter.value = 0; });
    said.textContent = words.sketch_hint;
    empty = true;
    changed = false;
  };
  // one question at a time: while one is answered the drawing goes on, and its newest state is asked next
  const ask = () => {
    if (waiting || !changed || empty) return;
    waiting = true;
    changed = false;
    trigger('ink', { png: canvas.toDataURL('image/png') });
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  const line = (from, to) => {
    Object.assign(pen, { lineWidth: PEN, lineCap: 'round', lineJoin: 'round', strokeStyle: '#111' });
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    empty = false;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, last);
    event.preventDefault();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    for (const one of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const next = place(one);
      line(last, next);
      last = next;
    }
  });
  const lift = () => { last = null; };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  clear.addEventListener('click', wipe);

  watch('value', () => {
    waiting = false;
    const answer = JSON.parse(props.value || '{}');
    if (empty) return;
    if (answer.trouble) said.textContent = answer.trouble;
    if (answer.scores) {
      meters.forEach((meter, digit) => { meter.value = answer.scores[digit]; });
      said.textContent = `${answer.best} · ${(100 * answer.scores[answer.best]).toFixed(1)} %`;
    }
    ask();
  });
  wipe();
};

// The Live tab: one live view at a time, begun by a click and ended by whatever takes the visitor's eyes from it.
window.Fovea = window.Fovea || {};

(() => {
  let [session, panel, shown] = [null, null, null];
  let [words, ask] = [{}, {}];
  let last = null; // the counters of the view that runs, or ran last

  const stop = () => session?.stop();
  const settings = () => ({ ...panel.wanted, ask });

  // opening: gives a source to whom its pictures and its end are told.
  const start = async (kind, opening) => {
    stop();
    panel.complain('');
    panel.say(words[`opening_${kind}`]);
    panel.show('', true);
    const mine = (session = new Fovea.LiveSession(settings(), words, {
      state: (text) => session === mine && panel.say(text),
      trouble: (text) => session === mine && panel.complain(text),
      answer: (content) => session === mine && shown?.answer(content),
      ended: (why) => session === mine && over(why),
    }));
    last = mine.counters;
    try {
      await mine.begin(opening(mine));
      if (mine.stopped) return;
      panel.show(kind);
      shown?.follow(mine);
      if (kind === 'camera') panel.list(mine.source.device);
    } catch (error) {
      mine.stop(error.message);
    }
  };
  const over = (why) => {
    if (Fovea.exports.recording()) Fovea.exports.clip(Fovea.main);
    panel.show('');
    panel.say(why && why === words.frozen ? why : '');
    panel.complain(why === words.frozen ? '' : why);
    shown?.answer(null);
  };

  const does = {
    camera: () => start('camera', (told) => Fovea.LiveSource.camera(panel.wanted, words, told)),
    file: (file) => start('file', (told) => Fovea.LiveSource.file(file, words, told)),
    stop,
    freeze: () => session?.freeze(),
    record: () => Fovea.exports.clip(Fovea.main),
    changed(name) {
      if (!session || session.stopped) return;
      if (name === 'device' && session.source?.kind === 'camera') does.camera();
      else session.set(settings());
    },
  };

  // Once a page: a live view is for whoever looks at it.
  const watch = () => {
    const hidden = () => document.hidden && stop();
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', stop);
    document.addEventListener('fovea:tab', stop);
    document.addEventListener('fovea:picture', () => {
      stop();
      session?.screen?.close(); // a frozen picture stayed until this one came
    });
  };
  let watched = false;

  Fovea.live = ({ element, props, watch: heed }) => {
    stop();
    const root = element.querySelector('.fovea-live');
    words = JSON.parse(root.dataset.words);
    panel = new Fovea.LivePanel(root, words, does);
    const asked = () => {
      ask = JSON.parse(props.value);
      if (session && !session.stopped) session.set(settings());
    };
    heed('value', asked);
    asked();
    if (!watched) watch();
    watched = true;
  };
  Fovea.live.counters = () => ({ running: Boolean(session && !session.stopped), kind: session?.source?.kind || '', ...last?.told() });

  Fovea.liveshown = ({ element }) => {
    const root = element.querySelector('.fovea-liveshown');
    shown = new Fovea.LiveShown(root, JSON.parse(root.dataset.words));
  };
})();

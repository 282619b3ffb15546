// The stage lent to a live view: its pictures and layers are drawn at once, what stands around follows in its own time.
window.Fovea = window.Fovea || {};

(() => {
  const [ID, AROUND_MS] = ['live', 250];

  Fovea.LiveScreen = class {
    // source: what a canvas can draw; size: [height, width], in which layers come; alt: what it is called.
    constructor(stage, source, size, alt) {
      Object.assign(this, { stage, renewed: 0, shape: '', marked: false });
      stage.screen = this;
      stage.given = null;
      stage.setPicture({ source, id: ID, size, alt });
    }
    // The page has shown another picture meanwhile, or is another stage.
    get lost() {
      const { stage } = this;
      return stage !== Fovea.main || stage.screen !== this || stage.picture?.id !== ID;
    }
    resize(source, size, alt) {
      this.stage.given = null;
      this.shape = '';
      this.stage.picture.id = ''; // seen whole again
      this.stage.setPicture({ source, id: ID, size, alt });
    }
    // The video shows itself, and smoothly whatever else goes on; null: pictures are shown one by one.
    under(video) {
      this.stage.lie(video);
    }
    // What is read off and saved: this picture, or what is shown at that time.
    keep(source) {
      Object.defineProperty(this.stage.picture, 'source', { value: source, writable: true, configurable: true });
    }
    follow(shown) {
      Object.defineProperty(this.stage.picture, 'source', { get: shown, configurable: true });
    }
    show(source) {
      this.keep(source);
      this.stage.draw();
      this.around();
    }
    // panes: as `Fovea.panesOf` gives them; source: the picture they are about, or null for what is there.
    answer(panes, source) {
      const { stage } = this;
      const shape = panes.map(({ title }) => Boolean(title)).join();
      const other = shape !== this.shape;
      this.shape = shape;
      if (source) this.keep(source);
      stage.given = { id: ID, panes };
      stage.lay();
      stage.controls.begin();
      stage.judge();
      if (other) stage.layout();
      else if (!stage.below || this.marked || panes.some(({ layers }) => layers.length)) stage.draw();
      this.marked = panes.some(({ layers }) => layers.length);
      this.around();
    }
    // Legend, tables, read-out and what a screen reader hears cost more than the picture.
    around() {
      const now = performance.now();
      if (now - this.renewed < AROUND_MS) return;
      this.renewed = now;
      const { controls, pointer, cursor } = this.stage;
      controls.renew();
      controls.tell();
      if (pointer || cursor) controls.read(pointer || cursor);
    }
    // The page's own picture and layers are back.
    close() {
      const { stage } = this;
      if (stage.screen !== this) return;
      stage.screen = null;
      stage.given = null;
      stage.lie(null);
      stage.still?.();
    }
  };
})();

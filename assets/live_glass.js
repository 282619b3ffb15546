// Canvases that live pictures lie on while they are seen or on their way: as many as are needed at once, used again.
window.Fovea = window.Fovea || {};

Fovea.LiveGlass = class {
  // most: {width, height} of what is sent, either way round; a smaller picture is never made larger.
  constructor(video, most, mirrored) {
    this.of = [video.videoWidth, video.videoHeight];
    const [long, short] = [Math.max(...this.of), Math.min(...this.of)];
    const share = Math.min(1, Math.max(most.width, most.height) / long, Math.min(most.width, most.height) / short);
    [this.width, this.height] = this.of.map((side) => Math.max(1, Math.round(side * share)));
    Object.assign(this, { mirrored, panes: [] });
  }
  fits(video) {
    return video.videoWidth === this.of[0] && video.videoHeight === this.of[1];
  }
  // A picture, or the video's of now, on a pane that is the taker's until it is given back.
  take(seen) {
    let pane = this.panes.find((one) => !one.users);
    if (!pane) this.panes.push((pane = this.made()));
    pane.users = 1;
    pane.context.drawImage(seen, 0, 0, this.width, this.height);
    return pane;
  }
  made() {
    const { width, height, mirrored } = this;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    // Its pixels are read for every JPEG: they had better lie where they can be read.
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
    return { canvas, context, users: 0 };
  }
  static share(pane) {
    pane.users += 1;
    return pane;
  }
  static back(pane) {
    if (pane) pane.users -= 1;
  }
};

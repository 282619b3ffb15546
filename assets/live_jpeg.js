// Pictures as messages: four bytes of number, big-endian, then a JPEG. A worker makes them, from the video's own frame
// where the browser gives one: while the page's thread draws, what comes in has to wait. Not by toBlob, for on the
// page's own thread a browser does that only when it is idle.
window.Fovea = window.Fovea || {};

(() => {
  const [KIND, QUALITY] = ['image/jpeg', 0.8];

  // The worker's whole script: a picture, its size and number in, bytes out, one at a time.
  const work = () => {
    let [canvas, context, image, rows] = [null, null, null, []];
    const sized = (width, height) => {
      if (canvas?.width === width && canvas.height === height) return;
      canvas = new OffscreenCanvas(width, height);
      context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
      image = new ImageData(width, height);
      const pixels = new Uint32Array(image.data.buffer);
      rows = Array.from({ length: height }, (_, y) => pixels.subarray(y * width, (y + 1) * width));
    };
    // A frame's own pixels, read off and turned round: the same as drawn, in a third of the time. false: it must be drawn.
    const read = async (frame, width, height, mirrored) => {
      const { visibleRect: seen, rotation, flip } = frame;
      if (seen?.width !== width || seen.height !== height || rotation || flip) return false;
      const wanted = { format: 'RGBX', colorSpace: 'srgb' };
      try {
        if (frame.allocationSize(wanted) !== image.data.length) return false; // this browser gives them as they are
        await frame.copyTo(image.data, wanted);
      } catch {
        return false;
      }
      if (mirrored) for (const row of rows) row.reverse();
      context.putImageData(image, 0, 0);
      return true;
    };
    self.onmessage = async ({ data: { picture, number, width, height, mirrored, type, quality } }) => {
      sized(width, height);
      if (!(await read(picture, width, height, mirrored))) {
        context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? width : 0, 0);
        context.drawImage(picture, 0, 0, width, height);
      }
      picture.close();
      const blob = await canvas.convertToBlob({ type, quality });
      const bytes = new Uint8Array(4 + blob.size);
      new DataView(bytes.buffer).setUint32(0, number);
      bytes.set(new Uint8Array(await blob.arrayBuffer()), 4);
      self.postMessage(bytes, [bytes.buffer]);
    };
  };

  const here = (canvas, number) => {
    const plain = atob(canvas.toDataURL(KIND, QUALITY).split(',')[1]);
    const bytes = new Uint8Array(4 + plain.length);
    new DataView(bytes.buffer).setUint32(0, number);
    for (let i = 0; i < plain.length; i++) bytes[4 + i] = plain.charCodeAt(i);
    return bytes;
  };

  Fovea.LiveJpeg = class {
    constructor() {
      if (!window.Worker || !window.OffscreenCanvas || !window.createImageBitmap) return;
      const url = URL.createObjectURL(new Blob([`(${work})()`], { type: 'text/javascript' }));
      this.worker = new Worker(url);
      URL.revokeObjectURL(url);
      this.worker.onmessage = ({ data }) => this.done?.(data);
      this.worker.onerror = () => this.close(); // no worker may run here: the page's own thread does it
    }
    // The message of what a canvas shows now; one at a time.
    async message(canvas, number) {
      const { width, height } = canvas;
      const made = this.worker && (await this.there(await createImageBitmap(canvas), number, { width, height }));
      return made || here(canvas, number);
    }
    // The message of a VideoFrame or of what a video shows now; null where it has to be drawn first.
    async direct(seen, number, { width, height, mirrored }) {
      if (!this.worker || !window.VideoFrame) return null;
      try {
        const picture = seen instanceof VideoFrame ? seen : new VideoFrame(seen);
        return await this.there(picture, number, { width, height, mirrored });
      } catch {
        return null; // not of every video, nor in every browser
      }
    }
    async there(picture, number, shape) {
      if (!this.worker) return picture.close() ?? null;
      return new Promise((done) => {
        this.done = done;
        this.worker.postMessage({ picture, number, ...shape, type: KIND, quality: QUALITY }, [picture]);
      });
    }
    close() {
      this.worker?.terminate();
      this.worker = null;
      this.done?.(null);
    }
  };
})();

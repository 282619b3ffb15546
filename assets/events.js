// Answers to this page's events come on one stream. Gradio's server closes it when no event is left, and its page opens a new
// one for the next; but for an event that was taken when the server had closed it and the page had not heard so yet, the page
// waited for ever. Here the page never hears so: while events wait, another stream is opened behind the one that it reads.
(() => {
  const HEAD = /^data: \{"msg":"(\w+)","event_id":(?:"([^"]*)")?/;
  const LOST = ['unexpected_error', 'server_stopped'];
  const plain = window.fetch;
  const [waits, early] = [new Set(), new Set()]; // events without an answer; answers that came before their event's number
  let answers = null;

  class Answers {
    constructor(...asked) {
      Object.assign(this, { asked, open: true });
    }
    async begin() {
      const got = await plain(...this.asked);
      if (!got.ok) return got;
      const body = new ReadableStream({ start: (page) => (this.page = page), cancel: () => this.reader.cancel() });
      this.pass(got);
      return new Response(body, got);
    }
    // Told on until the server closes.
    async pass(got) {
      this.reader = got.body.pipeThrough(new TextDecoderStream()).getReader();
      let [text, told] = ['', 0];
      try {
        for (let part = await this.reader.read(); !part.done; part = await this.reader.read()) {
          const messages = (text + part.value).split('\n\n');
          text = messages.pop();
          for (const one of messages) this.tell(one);
          told += messages.length;
        }
        if (!told) throw new TypeError('nothing came on the stream of answers');
        this.open = false;
        this.goOn();
      } catch (error) {
        this.end(error);
      }
    }
    tell(message) {
      const [, kind, event] = HEAD.exec(message) ?? [];
      if (kind === 'close_stream') return;
      if (kind === 'process_completed' && !waits.delete(event)) early.add(event);
      if (LOST.includes(kind)) waits.clear();
      this.page.enqueue(new TextEncoder().encode(`${message}\n\n`));
    }
    async goOn() {
      if (this.open || !waits.size) return;
      this.open = true;
      try {
        const got = await plain(...this.asked);
        if (!got.ok) throw new TypeError(`no stream of answers: ${got.status}`);
        this.pass(got);
      } catch (error) {
        this.end(error);
      }
    }
    // As if the page's own stream had broken.
    end(error) {
      waits.clear();
      this.page.error(error);
    }
  }

  window.fetch = async (asked, options) => {
    const { pathname } = new URL(asked.url ?? asked, location);
    if (pathname.endsWith('/queue/data')) return (answers = new Answers(asked, options)).begin();
    const got = await plain(asked, options);
    if (!pathname.endsWith('/queue/join') || !got.ok) return got;
    const { event_id: event } = await got.clone().json();
    if (!early.delete(event)) waits.add(event);
    answers?.goOn();
    return got;
  };
})();

/**
 * For pages that have labs in iframes: gives a frame the height it asks for, and makes events of the DOM of its messages
 * (tcplab-ready, -resize, -step, -answer, -complete, -statement, -error; they bubble). Frames with `data-tcplab` are watched by
 * themselves, with data-tcplab="fixed" without changing their height.
 *
 *   <iframe data-tcplab src=".../embed.html?lesson=05-handshake"></iframe>
 *   <script type="module" src=".../tcplab-host.js"></script>
 */
const VERSION = 1;
const HEIGHT = { min: 120, max: 4000 };

/** A sandbox without allow-same-origin has no origin. @param {HTMLIFrameElement} iframe */
function originOf(iframe) {
  const isOpaque = iframe.hasAttribute('sandbox') && !iframe.sandbox.contains('allow-same-origin');
  const { origin } = new URL(iframe.src, document.baseURI);
  return isOpaque ? 'null' : origin;
}

export class LabFrame {
  /** @param {HTMLIFrameElement} iframe @param {{resize?: boolean}} [options] */
  constructor(iframe, { resize = true } = {}) {
    this.iframe = iframe;
    this.resize = resize;
    this.last_id = 0;
    /** @type {Map<number, {done: () => void, fail: (error: Error) => void}>} */
    this.waiting = new Map();
    this.listener = (/** @type {MessageEvent} */ event) => this.hear(event);
    /** Has it said so itself? Then it was greeted. */
    this.present = false;
    this.onLoad = () => this.present || this.greet();
    addEventListener('message', this.listener);
    iframe.addEventListener('load', this.onLoad);
    if (document.readyState === 'complete') this.greet();
  }

  /** Lets go of the frame. */
  stop() {
    removeEventListener('message', this.listener);
    this.iframe.removeEventListener('load', this.onLoad);
  }

  greet() {
    this.post({ type: 'hello' });
  }

  /** @param {Record<string, any>} message */
  post(message) {
    const origin = originOf(this.iframe);
    this.iframe.contentWindow?.postMessage({ tcplab: VERSION, ...message }, origin === 'null' ? '*' : origin);
  }

  /** @param {MessageEvent} event */
  hear({ source, origin, data }) {
    if (source !== this.iframe.contentWindow || origin !== originOf(this.iframe) || data?.tcplab !== VERSION) return;
    const { tcplab: version, type, ...detail } = data;
    if (type === 'reply') return this.settle(detail);
    if (type === 'present') {
      this.present = true;
      return this.greet();
    }
    if (type === 'resize' && this.resize) this.iframe.style.height = `${Math.min(HEIGHT.max, Math.max(HEIGHT.min, Number(detail.height) || 0))}px`;
    this.iframe.dispatchEvent(new CustomEvent(`tcplab-${type}`, { bubbles: true, detail: { version, ...detail } }));
  }

  /** @param {Record<string, any>} reply */
  settle({ id, ok, message }) {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (ok) asked?.done();
    else asked?.fail(new Error(message));
  }

  /**
   * Has a command done; rejected when it cannot be.
   * @param {string} type @param {Record<string, any>} [more]
   * @returns {Promise<void>}
   */
  send(type, more = {}) {
    return new Promise((done, fail) => {
      const id = ++this.last_id;
      this.waiting.set(id, { done, fail });
      this.post({ type, id, ...more });
    });
  }

  play() {
    return this.send('play');
  }

  pause() {
    return this.send('pause');
  }

  /** @param {number} t in ms */
  seek(t) {
    return this.send('seek', { t });
  }

  /** @param {'on' | 'back' | 'segment'} [how] */
  step(how = 'on') {
    return this.send('step', { how });
  }

  /** Another lesson, speed, theme ... by the names of the parameters. @param {Record<string, string | number | boolean>} settings */
  set(settings) {
    return this.send('set', settings);
  }
}

/** @type {WeakMap<Element, LabFrame>} */
const known = new WeakMap();

/**
 * The labs among the frames of a page, each watched once.
 * @param {ParentNode} [root]
 * @returns {LabFrame[]}
 */
export function watchLabs(root = document) {
  return [...root.querySelectorAll('iframe[data-tcplab]')].map((element) => {
    const iframe = /** @type {HTMLIFrameElement} */ (element);
    const frame = known.get(iframe) ?? new LabFrame(iframe, { resize: iframe.dataset.tcplab !== 'fixed' });
    known.set(iframe, frame);
    return frame;
  });
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => watchLabs());
else watchLabs();

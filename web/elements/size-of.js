/**
 * Tells an element how large something is: itself, or a part of what it draws, which may come and go with its drawings.
 *
 * @typedef {import('lit').ReactiveControllerHost & HTMLElement} Host
 */
export class SizeOf {
  /**
   * @param {Host} host
   * @param {(size: DOMRectReadOnly) => void} use its content's size, in CSS pixels, at first and after each change
   * @param {() => Element | null} [what]
   */
  constructor(host, use, what = () => host) {
    this.what = what;
    /** @type {Element | null} */
    this.watched = null;
    this.observer = new ResizeObserver(([entry]) => use(entry.contentRect));
    host.addController(this);
  }

  hostConnected() {
    this.#watch(this.what());
  }

  hostUpdated() {
    this.#watch(this.what());
  }

  hostDisconnected() {
    this.#watch(null);
  }

  /** @param {Element | null} now */
  #watch(now) {
    if (now === this.watched) return;
    this.observer.disconnect();
    if (now) this.observer.observe(now);
    this.watched = now;
  }
}

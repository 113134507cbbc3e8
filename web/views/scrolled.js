/**
 * Where a part of the page is scrolled to, and how high what is in it. To ask lays out all that has just been drawn, and so does to
 * scroll: what is known is remembered, and what is to be waits until the browser has laid it out by itself; while one change follows
 * another, a little longer. So what is drawn must not depend on it; only the scrollbar does, and hands that are about to scroll.
 */

/** Changes follow each other when they are no further apart. */
const APART_MS = 100;
/** Then it scrolls this often. */
const EVERY_MS = 300;

export class Scrolled {
  constructor() {
    /** @type {HTMLElement | null} */
    this.of = null;
    this.px = 0;
    this.height = 0;
    /** What it was scrolled to last, by itself or by a hand. */
    this.is_px = 0;
    this.changed_ms = -APART_MS;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.due = undefined;
  }

  /** Scrolls there, soon. @param {HTMLElement} element what it holds is in its first child @param {number} px @param {number} height of that child */
  to(element, px, height) {
    const isNew = this.of !== element;
    if (!isNew && Math.abs(this.px - px) < 1 && this.height === height) return;
    Object.assign(this, { of: element, px, height });
    if (isNew) return this.now();
    const now_ms = performance.now();
    this.due ??= setTimeout(this.now, now_ms - this.changed_ms < APART_MS ? EVERY_MS : 0);
    this.changed_ms = now_ms;
  }

  /** Scrolls there. */
  now = () => {
    clearTimeout(this.due);
    this.due = undefined;
    const of = /** @type {HTMLElement} */ (this.of);
    /** @type {HTMLElement} */ (of.firstElementChild).style.height = `${this.height}px`;
    of.scrollTop = this.is_px = this.px;
  };

  /** It is about to be scrolled: by a hand, or to somewhere else. */
  ready() {
    if (this.due !== undefined) this.now();
    this.changed_ms = -APART_MS;
  }

  /** It was scrolled: by a hand, or the browser, to where? null: by this. @param {HTMLElement} element */
  look(element) {
    const px = element.scrollTop;
    if (this.of === element && Math.abs(this.is_px - px) < 1) return null;
    this.is_px = this.px = px;
    return px;
  }
}

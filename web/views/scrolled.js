/** Where a part of the page is scrolled to. It is remembered: to ask would lay out all that has just been drawn. */
export class Scrolled {
  constructor() {
    /** @type {HTMLElement | null} */
    this.of = null;
    this.px = 0;
  }

  /** Scrolls there. @param {HTMLElement} element @param {number} px */
  to(element, px) {
    if (this.of === element && Math.abs(this.px - px) < 1) return;
    this.of = element;
    this.px = px;
    element.scrollTop = px;
  }

  /** A hand, or the browser, has scrolled it: to where? @param {HTMLElement} element */
  look(element) {
    this.of = element;
    this.px = element.scrollTop;
    return this.px;
  }
}

/**
 * The way to a far time. The engine is run elsewhere (wasm/remote.js) and its events come in pieces; the page takes
 * them over a little at a time, so that it can be used meanwhile. Whoever does something else ends it where it is.
 *
 * @typedef {import('./timeline.js').Timeline} Timeline
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('../../wasm/remote.js').Remote} Remote
 */

/** A way that takes longer than this is shown, by the player; all else is drawn anew when it is over. */
export const SHOWN_AFTER_MS = 150;

/** Events are taken over for about so long, then it is others' turn. */
const TURN_MS = 10;
const EVENTS_AT_ONCE = 100;

const othersTurn = () => new Promise((resolve) => setTimeout(resolve));

export class Journey {
  /**
   * @param {Timeline} timeline
   * @param {number} to_us
   */
  constructor(timeline, to_us) {
    this.timeline = timeline;
    this.from_us = timeline.cursor.t_us;
    this.to_us = Math.max(0, Math.round(to_us));
    this.begun_ms = performance.now();
  }

  /** Is it still the way that is wanted? */
  get isWanted() {
    return this.timeline.journey === this;
  }

  get isShown() {
    return performance.now() - this.begun_ms >= SHOWN_AFTER_MS;
  }

  /** How much of it is done, 0 to 1. */
  get share() {
    return Math.min(1, (this.timeline.cursor.t_us - this.from_us) / Math.max(1, this.to_us - this.from_us));
  }

  /** Goes there, unless something else is done. @param {Remote} remote @param {Lab} lab */
  async go(remote, lab) {
    this.timeline.journey = this;
    try {
      await remote.seek(lab, this.to_us, { arrived: () => this.#arrive(), isWanted: () => this.isWanted });
      if (!this.isWanted) return;
      this.timeline.endJourney();
      this.timeline.seek(lab.now_us);
    } catch (error) {
      if (this.isWanted) throw error;
    } finally {
      if (this.isWanted) this.timeline.endJourney();
    }
  }

  /** A piece has come. */
  async #arrive() {
    for (let more = true; more && this.isWanted; ) {
      const until_ms = performance.now() + TURN_MS;
      while (performance.now() < until_ms && (more = this.timeline.follow(EVENTS_AT_ONCE)));
      await othersTurn();
    }
  }
}

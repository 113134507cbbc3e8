/**
 * Long ways through time, gone a little at a time, so that the page can be used meanwhile: to a far time, for which the
 * engine is run elsewhere (wasm/remote.js) and its events come in pieces; and to the next event of a sort, which may be
 * far. Whoever does something else ends them where they are.
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

class Way {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.begun_ms = performance.now();
  }

  /** Is it still the way that is wanted? @returns {boolean} */
  get isWanted() {
    return /** @type {Way | null} */ (this.timeline.journey) === this;
  }

  get isShown() {
    return performance.now() - this.begun_ms >= SHOWN_AFTER_MS;
  }
}

/** To what is looked for. */
export class Search extends Way {
  /** Looks on, until it is found, or cannot be, or something else is done. @param {() => boolean | null} look null: not yet */
  async go(look) {
    this.timeline.journey = this;
    try {
      do await othersTurn();
      while (this.isWanted && look() === null);
    } finally {
      if (this.isWanted) this.timeline.endJourney();
    }
  }
}

/** To a far time. */
export class Journey extends Way {
  /**
   * @param {Timeline} timeline
   * @param {number} to_us
   */
  constructor(timeline, to_us) {
    super(timeline);
    this.from_us = timeline.cursor.t_us;
    this.to_us = Math.max(0, Math.round(to_us));
  }

  /** How much of it is done, 0 to 1. */
  get share() {
    return Math.min(1, (this.timeline.cursor.t_us - this.from_us) / Math.max(1, this.to_us - this.from_us));
  }

  /** Goes there, unless something else is done. @param {Remote} remote @param {Lab} lab */
  async go(remote, lab) {
    this.timeline.journey = this;
    try {
      await othersTurn(); // what is near has just been run
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

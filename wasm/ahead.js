/**
 * "What will happen next?", answered by the stack itself: the lab's memory is copied into a second instance of the
 * module, which runs on. The lab that was asked is only read.
 */
import { LabError, checkInteger } from './error.js';

/** @typedef {import('./engine.js').Lab} Lab */
/** @typedef {import('./events.js').LabEvent} LabEvent */

/**
 * When to stop; the first that comes true ends it.
 * @typedef {object} AheadOptions
 * @property {number} [until_us] everything up to and including this time
 * @property {number} [segments] so many TCP segments were sent
 * @property {(event: LabEvent, replies: any[]) => boolean} [when] it has seen such an event; replies: what the commands answered
 * @property {number} [events_max] and in any case after so many events; 100,000
 * @property {Record<string, any>[]} [commands] done first: "what if". The actions to come are not done then
 */

/**
 * @typedef {object} AheadResult
 * @property {LabEvent[]} events those to come, with the ids that they will have
 * @property {LabEvent[]} segments the TCP segments that were sent, of these
 * @property {LabEvent | null} found the one that `when` was for
 * @property {number} now_us where it ended
 * @property {(id: number) => import('./frames.js').LabFrame | null} frame a frame of it, until the next question
 * @property {'until' | 'segments' | 'when' | 'rest' | 'limit'} ended why; rest: nothing happens any more
 */

const EVENTS_MAX = 100_000;

export class Ahead {
  #make;
  /** @type {Lab | null} made when first asked, and kept */
  #twin = null;

  /** @param {() => Lab} make a lab like the one that is asked about */
  constructor(make) {
    this.#make = make;
  }

  /**
   * @param {Parameters<Lab['become']>[0]} run
   * @param {AheadOptions} options
   * @returns {AheadResult}
   */
  run(run, options) {
    const { until_us, segments = until_us === undefined && !options.when ? 1 : Infinity, when, events_max = EVENTS_MAX, commands } = options;
    if (until_us !== undefined) checkInteger('until_us', until_us, run.position.t_us, Number.MAX_SAFE_INTEGER);
    if (segments !== Infinity) checkInteger('segments', segments, 1, EVENTS_MAX);
    checkInteger('events_max', events_max, 1, EVENTS_MAX);
    if (when !== undefined && typeof when !== 'function') throw new LabError('EINVAL', 'when: expected a function');
    this.#twin ??= this.#make();
    const lab = this.#twin;
    const actions = commands ? run.actions.slice(0, run.position.applied) : run.actions;
    lab.become({ ...run, actions: actions.map((action) => ({ ...action })) });
    const replies = (commands ?? []).map((command) => lab.command(command));
    const found = when && ((/** @type {LabEvent} */ event) => when(event, replies));
    return new Watch(lab, run.position.event, { until_us: until_us ?? Infinity, segments, when: found, events_max }).run();
  }
}

/** Runs a lab on, and looks at each event. */
class Watch {
  /**
   * @param {Lab} lab
   * @param {number} after the last event that was known
   * @param {{until_us: number, segments: number, when?: (event: LabEvent) => boolean, events_max: number}} bounds
   */
  constructor(lab, after, bounds) {
    this.lab = lab;
    this.seen = after;
    this.bounds = bounds;
    /** @type {LabEvent[]} */
    this.events = [];
    /** @type {LabEvent[]} */
    this.segments = [];
    /** @type {LabEvent | null} */
    this.found = null;
  }

  /** Takes over what is new. @returns {AheadResult['ended'] | null} */
  look() {
    const { segments, when, events_max } = this.bounds;
    for (const event of this.lab.events(this.seen)) {
      this.seen = event.id;
      this.events.push(event);
      if (event.kind === 'tcp_segment_sent') this.segments.push(event);
      if (when?.(event)) {
        this.found = event;
        return 'when';
      }
      if (this.segments.length >= segments) return 'segments';
      if (this.events.length >= events_max) return 'limit';
    }
    return null;
  }

  /** @returns {AheadResult} */
  run() {
    const { lab, bounds } = this;
    /** @type {AheadResult['ended'] | null} */
    let ended = this.look();
    while (!ended) {
      const next = lab.upcoming_us;
      if (next === null || next > bounds.until_us) {
        if (bounds.until_us !== Infinity) lab.runUntil(bounds.until_us);
        ended = next === null ? 'rest' : 'until';
      } else {
        lab.runUntil(next, { maxEvents: 1 });
        ended = this.look();
      }
    }
    const { events, segments, found } = this;
    return { events, segments, found, now_us: lab.now_us, ended, frame: (id) => lab.frame(id) };
  }
}

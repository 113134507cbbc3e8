/**
 * Time as a person moves in it. The engine runs forwards to its own "now"; the cursor is where the person looks, and
 * may lie behind. A cursor is a time and the last event that has been seen: many things can happen at one moment
 * (a segment gets three headers in no time at all), and each is a step.
 *
 *   0                        cursor            engine's now
 *   |===========================|----------------|          past | known, not yet seen
 *
 * Looking back costs nothing but events. Acting in the past does: the engine is taken back there, and what was known
 * of the future is dropped.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').LabState} LabState
 *
 * @typedef {object} Engine the part of wasm/engine.js that is needed here
 * @property {number} now_us
 * @property {number | null} next_us
 * @property {(t_us: number, options?: {maxEvents?: number}) => number} runUntil
 * @property {(afterId?: number, most?: number) => LabEvent[]} events
 * @property {(t_us: number) => void} seek
 * @property {() => unknown} branch
 * @property {number} lastEvent
 *
 * What takes in each event, once, when it comes; and lets go of those that will not have happened.
 * @typedef {{add: (event: LabEvent, record: RunRecord) => void, forget: (log: LabEvent[]) => void}} Follower
 */
import { FIRST_SPEED, MARKED, SLOWED_AT, dwellMs } from './dwell.js';
import { RunRecord } from './record.js';
import { RunIndex } from './run-index.js';
import { copyState, initialState, reduce } from './reduce.js';
import { hasSentence } from './narrate.js';
import { firstNot } from './time-index.js';

const CHECKPOINT_EVERY = 512;

/** At a marked moment time stands still so long, at any speed ... */
const HOLD_MS = 600;
/** ... but together no longer than this, which grows again by a part of the time that passes: much trouble must not take for ever. */
const PATIENCE_MS = 1800;
const PATIENCE_SHARE = 0.3;

/** Waiting that would take longer than this is shown in ... */
const WAIT_MAX_MS = 2500;
/** ... about this. */
const WAIT_SHOWN_MS = 1100;

/** Timers whose end is part of what a person is waiting for. Others (TIME_WAIT, keep-alive) let play come to rest. */
const AWAITED_TIMERS = ['RETRANSMIT', 'PERSIST', 'DELAYED_ACK', 'OVERRIDE', 'REORDERING', 'TAIL_PROBE'];

/** Looking for a segment does not leap over more than this when nothing is awaited. */
const LEAP_MAX_US = 1_000_000;

/** So many things at most are done, or looked at, in one turn of play or of a search: a few milliseconds. */
export const AT_ONCE = 500;
/** Whether a turn has taken too long is looked at after so many. */
const LOOK_UP_EVERY = 16;

export class Timeline {
  /** @param {Engine} engine @param {number} nodes @param {Follower[]} [followers] beside the record */
  constructor(engine, nodes, followers = []) {
    /** @type {Engine} */
    this.engine = engine;
    this.node_count = nodes;
    /** @type {LabEvent[]} ids from 1, without gaps */
    this.log = [];
    this.record = new RunRecord();
    this.index = new RunIndex(this.record);
    /** Is told of the log when its end is about to be forgotten. @type {((log: LabEvent[]) => void) | null} */
    this.leaving = null;
    this.followers = [this.record, this.index, ...followers];
    this.cursor = { t_us: 0, id: 0 };
    this.state = initialState(nodes);
    /** The state after each so many events, as far as it is known. @type {{id: number, state: LabState}[]} */
    this.checkpoints = [{ id: 0, state: copyState(this.state) }];
    this.speed = FIRST_SPEED;
    this.playing = false;
    this.budget_ms = 0;
    /** A turn of play does no more than it can in this time, however much would happen. */
    this.turn_ms = Infinity;
    /** The sorts of moments at which play slows down. */
    this.slowed_at = new Set(SLOWED_AT);
    this.patience_ms = PATIENCE_MS;
    /** How long what a person has just done is held before time goes on. */
    this.hold_ms = 0;
    /** The waiting that is shown faster: until when, and how fast. */
    this.wait = { until_us: -1, us_per_ms: 0 };
    /** The way to a far time, or to something that is looked for, while it is gone. @type {import('./journey.js').Journey | import('./journey.js').Search | null} */
    this.journey = null;
    /** Until then the run has things planned, for which play waits. */
    this.script_end_us = 0;
    /** A person asked to go on although nothing is awaited. */
    this.skip_rest = false;
    /** The events of the last thing that the engine was let do: those after `from` up to `to`. */
    this.latest = { from: 0, to: 0 };
    this.pull();
  }

  /** @param {number} id @returns {LabEvent | undefined} */
  at = (id) => this.log[id - 1];

  /** How far the run is known. */
  get end_us() {
    return Math.max(this.log.at(-1)?.t_us ?? 0, this.cursor.t_us);
  }

  get isPast() {
    return this.cursor.id < this.log.length || this.cursor.t_us < this.engine.now_us;
  }

  /** Is the engine where the cursor is? Of the last thing that it did, some events may still be to be seen. */
  get isNow() {
    const { cursor, log, engine, latest } = this;
    const isLatest = cursor.id > latest.from && log.length === latest.to;
    return (cursor.id === log.length || isLatest) && engine.now_us <= cursor.t_us;
  }

  /** Takes over what the engine has got done. @param {number} [most] so many events at most */
  pull(most = Infinity) {
    const events = this.engine.events(this.log.length, most);
    for (const event of events) {
      this.log.push(event);
      for (const follower of this.followers) follower.add(event, this.record);
    }
    return events.length;
  }

  /** Goes along with the engine, which has gone ahead. @param {number} most so many events at most @returns {boolean} whether there were any */
  follow(most) {
    if (this.pull(most) === 0) return false;
    this.#see(this.log.length);
    this.cursor.t_us = this.log[this.log.length - 1].t_us;
    return true;
  }

  /** It is over, or something else is done: what the engine has done by then is known. */
  endJourney() {
    if (!this.journey) return;
    this.journey = null;
    this.pull();
  }

  /** Sees events up to that id, from the nearest state that is known. @param {number} id */
  #see(id) {
    const nearest = this.checkpoints[Math.min(Math.floor(id / CHECKPOINT_EVERY), this.checkpoints.length - 1)];
    if (id < this.state.id || nearest.id > this.state.id) this.state = copyState(nearest.state);
    for (let next = this.state.id + 1; next <= id; next++) {
      reduce(this.state, this.log[next - 1]);
      if (next === this.checkpoints.length * CHECKPOINT_EVERY) this.checkpoints.push({ id: next, state: copyState(this.state) });
    }
    this.cursor.id = id;
  }

  /** @param {number} t_us */
  #lastIdAt(t_us) {
    return firstNot(this.log.length, (i) => this.log[i].t_us <= t_us);
  }

  /**
   * Goes to a time, back or forth, running the engine when it has not been there.
   * @param {number} t_us
   * @param {number} [most] the engine does so many things for it at most
   * @returns {boolean} is it there?
   */
  seek(t_us, most = Infinity) {
    const target = Math.max(0, Math.round(t_us));
    if (target > this.engine.now_us) {
      this.engine.runUntil(target, { maxEvents: most });
      this.pull();
    }
    this.cursor.t_us = Math.min(target, this.engine.now_us);
    this.#see(this.#lastIdAt(this.cursor.t_us));
    this.budget_ms = 0;
    this.hold_ms = 0;
    return this.cursor.t_us === target;
  }

  /** Goes to just after an event. @param {number} id */
  seekTo(id) {
    const event = this.log[id - 1];
    if (!event) return;
    this.cursor.t_us = event.t_us;
    this.#see(id);
    this.budget_ms = 0;
    this.hold_ms = 0;
  }

  /** Lets the engine do one thing. @returns {boolean} false: nothing will ever happen by itself */
  #runOne() {
    const { next_us } = this.engine;
    if (next_us === null) return false;
    const from = this.log.length;
    this.engine.runUntil(next_us, { maxEvents: 1 });
    this.pull();
    this.latest = { from, to: this.log.length };
    return true;
  }

  /** Goes on without an event to go to. @param {number} id the last event that was looked at */
  #pass(id) {
    this.#see(id);
    const t_us = id < this.log.length ? (this.log[id - 1]?.t_us ?? 0) : this.engine.now_us;
    this.cursor.t_us = Math.max(this.cursor.t_us, t_us);
    this.budget_ms = 0;
    this.hold_ms = 0;
  }

  /**
   * Goes to the next event of which there is something to say.
   * @param {(event: LabEvent) => boolean} [wanted]
   * @returns {boolean | null} false: there will be none; null: not yet, call again
   */
  stepOn(wanted = hasSentence) {
    let { id } = this.cursor;
    for (let done = 0; done < AT_ONCE; done++) {
      if (id === this.log.length && !this.#runOne()) {
        this.#see(id);
        return false;
      }
      if (id === this.log.length) continue;
      const event = this.log[id++];
      if (!wanted(event)) continue;
      this.seekTo(id);
      return true;
    }
    this.#pass(id);
    return null;
  }

  /** The one before. @param {(event: LabEvent) => boolean} [wanted] */
  stepBack(wanted = hasSentence) {
    const here = this.log[this.cursor.id - 1];
    const isAtEvent = here !== undefined && wanted(here) && here.t_us === this.cursor.t_us;
    for (let id = isAtEvent ? this.cursor.id - 1 : this.cursor.id; id > 0; id--) {
      if (!wanted(this.log[id - 1])) continue;
      this.seekTo(id);
      return true;
    }
    this.cursor.t_us = 0;
    this.#see(0);
    return false;
  }

  /** Does a frame with a segment or a datagram leave? @param {LabEvent} event */
  isDeparture = (event) => {
    const frame = event.kind === 'frame_sent' ? this.record.by_frame.get(event.frame) : undefined;
    return frame !== undefined && frame.protocol !== 'arp' && frame.copy_of === 0;
  };

  /**
   * The next frame with a segment or a datagram, halfway on its way, where it can be seen and grabbed.
   * @returns {boolean | null} as stepOn()
   */
  stepSegment() {
    const came = this.#goTo(this.isDeparture);
    if (!came) return came;
    const frame = this.record.by_frame.get(this.log[this.cursor.id - 1].frame);
    const half_us = Math.round(((frame?.sent_us ?? 0) + (frame?.arrival_us ?? 0)) / 2);
    for (let done = 0; (this.nextTime() ?? Infinity) <= half_us; done++) {
      const next = this.log[this.cursor.id];
      if (done === AT_ONCE || (next && this.isDeparture(next))) return true; // where another one leaves, or much happens, it is shown no further on
      if (next) this.seekTo(next.id);
      else this.#runOne();
    }
    if (half_us > this.engine.now_us) this.engine.runUntil(half_us);
    this.pull();
    this.cursor.t_us = half_us;
    return true;
  }

  /**
   * Goes to the next event of a sort, but not over a long silence in which nothing is awaited.
   * @param {(event: LabEvent) => boolean} wanted
   * @returns {boolean | null} as stepOn()
   */
  #goTo(wanted) {
    for (let done = 0; done < AT_ONCE; done++) {
      if (this.cursor.id === this.log.length) {
        const { next_us } = this.engine;
        if (next_us === null || (!this.isBusy && next_us > this.cursor.t_us + LEAP_MAX_US)) return false;
        this.#runOne();
      }
      const event = this.log[this.cursor.id];
      if (!event) continue;
      this.seekTo(event.id);
      if (wanted(event)) return true;
    }
    this.#pass(this.cursor.id);
    return null;
  }

  /** What will be next, without running there: its time. */
  nextTime() {
    const known = this.log[this.cursor.id];
    return known ? known.t_us : this.engine.next_us;
  }

  /** Is anything on its way, or awaited? */
  get isBusy() {
    if (this.cursor.t_us < this.script_end_us) return true;
    return this.state.flying.length > 0 || this.state.timers.some((each) => AWAITED_TIMERS.includes(each.timer));
  }

  play() {
    this.endJourney();
    this.playing = true;
    this.budget_ms = -this.hold_ms;
    this.hold_ms = 0;
    this.skip_rest = !this.isBusy && this.cursor.id >= this.log.length;
  }

  pause() {
    this.endJourney();
    this.playing = false;
    this.skip_rest = false;
  }

  /**
   * Lets real time pass. When more would happen in it than can be done in one turn, the lab's time goes slower, not the page.
   * @param {number} wall_ms since the last call
   * @returns {boolean} whether anything moved
   */
  tick(wall_ms) {
    if (!this.playing) return false;
    this.patience_ms = Math.min(PATIENCE_MS, this.patience_ms + wall_ms * PATIENCE_SHARE);
    this.budget_ms = Math.min(this.budget_ms + wall_ms, 250);
    const until_ms = performance.now() + this.turn_ms;
    for (let done = 0; this.budget_ms > 0 && this.playing; done++) {
      if (done === AT_ONCE || (done % LOOK_UP_EVERY === LOOK_UP_EVERY - 1 && performance.now() > until_ms)) this.budget_ms = 0;
      else this.#advance();
    }
    return true;
  }

  #advance() {
    const next_us = this.nextTime();
    const isKnown = this.cursor.id < this.log.length;
    if (next_us === null || (!isKnown && !this.isBusy && !this.skip_rest && next_us > this.cursor.t_us)) {
      this.pause();
      return;
    }
    const us_per_ms = this.#pace(next_us);
    const need_ms = Math.max(0, next_us - this.cursor.t_us) / us_per_ms;
    if (need_ms > this.budget_ms) {
      this.cursor.t_us += this.budget_ms * us_per_ms;
      this.budget_ms = 0;
      return;
    }
    this.budget_ms -= need_ms;
    this.cursor.t_us = Math.max(this.cursor.t_us, next_us);
    if (!isKnown) {
      this.#runOne();
      if (this.log.length === this.cursor.id) return;
    }
    const event = this.log[this.cursor.id];
    if (event.t_us > this.cursor.t_us) return;
    this.#see(event.id);
    this.skip_rest = false;
    this.budget_ms -= Math.max(dwellMs(event, this.speed), this.#holdMs(event));
  }

  /** How long a marked moment stands. @param {LabEvent} event */
  #holdMs(event) {
    if (!SLOWED_AT.some((sort) => this.slowed_at.has(sort) && MARKED[sort](event))) return 0;
    const hold_ms = Math.min(HOLD_MS, this.patience_ms);
    this.patience_ms -= hold_ms;
    return hold_ms;
  }

  /** Simulated microseconds for each real millisecond, faster where there is nothing to see. @param {number} next_us */
  #pace(next_us) {
    const normal = this.speed * 1000;
    if (this.state.flying.length > 0) return normal;
    if (this.wait.until_us !== next_us) {
      const rest_us = next_us - this.cursor.t_us;
      const isLong = rest_us / normal > WAIT_MAX_MS;
      this.wait = { until_us: next_us, us_per_ms: isLong ? rest_us / WAIT_SHOWN_MS : normal };
    }
    return Math.max(normal, this.wait.us_per_ms);
  }

  /**
   * Does something to the lab at the cursor. When the cursor lies in the past, the run is taken back there first.
   * @template T
   * @param {() => T} action
   * @returns {T}
   */
  act(action) {
    this.endJourney();
    const t_us = Math.round(this.cursor.t_us);
    if (t_us < this.engine.now_us) {
      this.engine.seek(t_us);
      this.engine.branch();
    } else if (t_us > this.engine.now_us) {
      this.engine.runUntil(t_us);
    }
    const keep = this.engine.lastEvent;
    if (keep < this.log.length) this.leaving?.(this.log);
    if (keep < this.log.length) this.#forget(keep);
    this.pull();
    const before = this.log.length;
    try {
      return action();
    } finally {
      this.pull();
      this.cursor.t_us = t_us;
      this.#seeAction(before);
    }
  }

  /**
   * Goes with the engine to a place in another run, which has the same events up to one.
   * @param {() => number} go goes there, and gives that event's id
   */
  leap(go) {
    this.pause();
    this.#forget(Math.min(go(), this.log.length));
    this.pull();
    this.cursor.t_us = this.engine.now_us;
    this.#see(this.log.length);
    this.budget_ms = 0;
    this.hold_ms = 0;
    this.wait = { until_us: -1, us_per_ms: 0 };
  }

  /** After an action: what was due before it is seen, and what it did first; the rest is for steps to show. @param {number} before */
  #seeAction(before) {
    const action = this.log.slice(before).find(hasSentence);
    this.#see(action ? Math.max(before, action.id) : this.log.length);
    this.budget_ms = 0;
    this.hold_ms = action ? dwellMs(action, this.speed) : 0;
    this.wait = { until_us: -1, us_per_ms: 0 };
  }

  /** Events after that id will not have happened. @param {number} keep */
  #forget(keep) {
    this.checkpoints.length = Math.min(this.checkpoints.length, Math.floor(keep / CHECKPOINT_EVERY) + 1);
    this.#see(Math.min(this.cursor.id, keep));
    this.log.length = keep;
    this.latest = { from: 0, to: 0 };
    for (const follower of this.followers) follower.forget(this.log);
  }
}

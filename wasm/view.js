/**
 * What can be seen of a lab without touching it: what its numbers mean, what happened and why, and its frames.
 */
import { Causes } from './causes.js';
import { Frames } from './frames.js';

/** @typedef {import('./events.js').LabEvent} LabEvent */
/** @typedef {import('./causes.js').Why} Why */
/** @typedef {import('./causes.js').FrameLife} FrameLife */
/** @typedef {import('./frames.js').LabFrame} LabFrame */
/** @typedef {import('./frames.js').Dissection} Dissection */
/** @typedef {import('./layout.js').Kind} Kind */
/** @typedef {import('./layout.js').Rule} Rule */

export class LabView {
  #layout;
  #log;
  #frames;
  #causes;

  /**
   * @param {import('./module.js').LabModule} module with a lab in it
   * @param {import('./layout.js').Layout} layout
   * @param {import('./events.js').EventLog} log
   */
  constructor(module, layout, log) {
    this.#layout = layout;
    this.#log = log;
    this.#frames = new Frames(module, layout);
    this.#causes = new Causes(log, layout);
  }

  /** @returns {Causes} for those that compare */
  get causes() {
    return this.#causes;
  }

  /** @returns {Record<string, Rule>} by the names events have them */
  get rules() {
    return this.#layout.rules;
  }

  /** @returns {Record<string, Kind>} kinds of events with their fields */
  get kinds() {
    return this.#layout.kinds;
  }

  /** @returns {Record<string, string[]>} names of numbers: tcp_state, socket_call, drop_reason ...; of flags, one for each bit */
  get names() {
    return this.#layout.names;
  }

  /** @returns {Record<string, string[]>} English phrases for tcp_discard, drop_reason, loss_reason, socket_call */
  get phrases() {
    return this.#layout.phrases;
  }

  /** @returns {Record<string, string[]>} the lines of each program; an app_step event's `step` is the index */
  get apps() {
    return this.#layout.apps;
  }

  /**
   * Events so far, in order. The same event is the same object each time.
   * @param {number} [afterId] only those after this one
   * @param {number} [most] so many of them at most
   * @returns {LabEvent[]}
   */
  events(afterId = 0, most = Infinity) {
    return this.#log.after(afterId, most);
  }

  /**
   * @param {number} id
   * @returns {LabEvent | null}
   */
  event(id) {
    return this.#log.at(id);
  }

  /** Id of the last event so far; 0 when there is none. */
  get lastEvent() {
    return this.#log.last;
  }

  /**
   * Why something happened: the causes from an event back to its root, with the rules and the C functions that decide
   * by them.
   * @param {number} id of an event
   * @returns {Why | null} null when the event is not known
   */
  why(id) {
    return this.#causes.why(id);
  }

  /**
   * All that happened to a frame, and what followed from it.
   * @param {number} frame its id
   * @returns {FrameLife | null} null when no event names it
   */
  life(frame) {
    return this.#causes.life(frame);
  }

  /** How many events were overwritten before they could be read; 0 unless a single thing made tens of thousands. */
  get lostEvents() {
    return this.#log.lost;
  }

  /**
   * A frame as it was sent, or as it arrived. Null when it is not (or no longer) kept.
   * @param {number} id
   * @param {{received?: boolean}} [as]
   * @returns {LabFrame | null}
   */
  frame(id, { received = false } = {}) {
    return this.#frames.frame(id, received);
  }

  /**
   * Ids of the frames that are kept, in the order of their capture.
   * @returns {number[]}
   */
  frames() {
    return this.#frames.ids();
  }

  /**
   * Which bytes are which field, and what they mean.
   * @param {number | Uint8Array} frame a frame's id, or any bytes
   * @param {{fcs?: boolean, rawIp?: boolean, received?: boolean}} [how] for bytes: whether they end in a frame check
   *   sequence, or begin with an IP header; for an id: as it arrived, not as it was sent
   * @returns {Dissection | null} null when the frame is not kept
   */
  dissect(frame, { fcs = false, rawIp = false, received = false } = {}) {
    return typeof frame === 'number' ? this.#frames.dissect(frame, received) : this.#frames.dissectBytes(frame, rawIp, fcs);
  }

  /**
   * The frames that are kept, as a capture file.
   * @param {{view?: 'sent' | 'all' | 'end', end?: number}} [what] sent: each frame once, as it was sent; all: at both ends;
   *   end: what one end of a link saw (2 * link, + 1 for its second end)
   * @returns {Uint8Array}
   */
  pcapng({ view = 'sent', end = 0 } = {}) {
    return this.#frames.pcapng(view, end);
  }
}

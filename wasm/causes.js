/**
 * Why something happened, and what became of a frame: the causes that stand in the events, followed. Nothing here knows
 * a rule of TCP. Which event led to which, and by which rule, was noted by the stack when it happened; which of its
 * functions decides by that rule is in the module's own table, made of the C sources.
 */

/** @typedef {import('./events.js').LabEvent} LabEvent */
/** @typedef {import('./events.js').EventLog} EventLog */
/** @typedef {import('./layout.js').Layout} Layout */
/** @typedef {import('./layout.js').Site} Site */

/**
 * A link of a chain of causes.
 * @typedef {object} Cause
 * @property {LabEvent} event
 * @property {({name: string} & import('./layout.js').Rule) | null} rule what asked for it
 * @property {Site[]} decided the functions that act by that rule; most rules have one
 * @property {Site[]} emitted the functions that report this kind of event
 */

/**
 * Where a chain begins: user, something that was done to the lab; timer; call, of a program; frame, its arrival; program, a
 * step; host, by itself. unknown: it was too long ago.
 * @typedef {'user' | 'timer' | 'call' | 'frame' | 'program' | 'host' | 'unknown'} RootKind
 */

/**
 * @typedef {object} Why
 * @property {Cause[]} chain the event itself first, the root last
 * @property {{kind: RootKind, event: LabEvent}} trigger what set the host off at which it happened
 * @property {{kind: RootKind, event: LabEvent}} root what set all off
 */

/**
 * @typedef {object} FrameLife
 * @property {number} frame
 * @property {'made' | 'queued' | 'on its way' | 'lost' | 'arrived' | 'dropped'} fate so far; dropped: by who received it
 * @property {string | null} reason why it was lost or dropped
 * @property {LabEvent} born the first event that names it
 * @property {LabEvent[]} built what each layer put in front, innermost first
 * @property {LabEvent | null} queued
 * @property {LabEvent | null} sent
 * @property {LabEvent[]} troubles corrupted, delayed, duplicated
 * @property {LabEvent | null} ended its loss or arrival
 * @property {LabEvent[]} taken what its receiver did with it, layer by layer
 * @property {number[]} copies frames that are duplicates of it
 * @property {number} copy_of the frame that it is a duplicate of; 0: none
 * @property {LabEvent[]} caused what followed from it where it arrived, up to the frames sent because of it
 * @property {LabEvent[]} events all that name it
 */

/** @type {Record<string, RootKind>} */
const TRIGGERS = { action: 'user', tcp_timer_fired: 'timer', socket_call: 'call', frame_delivered: 'frame', app_step: 'program' };

const TROUBLES = ['frame_corrupted', 'frame_delayed', 'frame_duplicated'];
const DROPS = ['packet_dropped', 'tcp_discarded'];

export class Causes {
  #log;
  #layout;

  /**
   * @param {EventLog} log
   * @param {Layout} layout
   */
  constructor(log, layout) {
    this.#log = log;
    this.#layout = layout;
  }

  /** @param {LabEvent} event @returns {Cause} */
  #link(event) {
    const { rules, sites } = this.#layout;
    const { rule, kind } = event;
    return {
      event,
      rule: rule === null ? null : { name: rule, ...rules[rule] },
      decided: rule === null ? [] : (sites.rules[rule] ?? []),
      emitted: sites.kinds[kind] ?? [],
    };
  }

  /**
   * @param {number} id
   * @returns {Why | null}
   */
  why(id) {
    const chain = [];
    let missing = false;
    for (let event = this.#log.at(id); event; event = event.cause ? this.#log.at(event.cause) : null) {
      chain.push(this.#link(event));
      missing = event.cause !== 0 && this.#log.at(event.cause) === null;
    }
    if (chain.length === 0) return null;
    const last = chain[chain.length - 1].event;
    const root = { kind: missing ? /** @type {RootKind} */ ('unknown') : (TRIGGERS[last.kind] ?? 'host'), event: last };
    const near = chain.find(({ event }, index) => TRIGGERS[event.kind] && (index > 0 || chain.length === 1));
    return { chain, trigger: near ? { kind: TRIGGERS[near.event.kind], event: near.event } : root, root };
  }

  /**
   * @param {number} frame
   * @returns {FrameLife | null} null when no event names it
   */
  life(frame) {
    const { events, caused } = this.#followFrame(frame);
    if (events.length === 0) return null;
    const all = (/** @type {string[]} */ ...kinds) => events.filter(({ kind }) => kinds.includes(kind));
    const one = (/** @type {string[]} */ ...kinds) => all(...kinds)[0] ?? null;
    const sent = one('frame_sent');
    const ended = one('frame_delivered', 'frame_lost');
    const taken = ended?.kind === 'frame_delivered' ? events.filter(({ id, node }) => id > ended.id && node === ended.node) : [];
    const drop = taken.find(({ kind }) => DROPS.includes(kind)) ?? null;
    const lost = ended?.kind === 'frame_lost' ? ended : null;
    const original = events.find(({ kind, copy_frame }) => kind === 'frame_duplicated' && copy_frame === frame);
    return {
      frame,
      fate: lost ? 'lost' : drop ? 'dropped' : ended ? 'arrived' : sent ? 'on its way' : one('frame_queued') ? 'queued' : 'made',
      reason: (lost ?? drop)?.reason ?? null,
      born: events[0],
      built: all('header_added'),
      queued: one('frame_queued'),
      sent,
      troubles: all(...TROUBLES),
      ended,
      taken,
      copies: all('frame_duplicated').filter((event) => event.frame === frame).map(({ copy_frame }) => copy_frame),
      copy_of: original?.frame ?? 0,
      caused,
      events,
    };
  }

  /**
   * What made each of some frames: the first event that names it.
   * @param {Set<number>} frames
   * @returns {Map<number, LabEvent>}
   */
  origins(frames) {
    const found = new Map();
    this.#log.scan((id, { frame }) => {
      if (frames.has(frame) && !found.has(frame)) found.set(frame, this.#log.at(id));
    });
    return found;
  }

  /**
   * One look over all records: those that name the frame, and those that follow from these. Of another frame only what
   * made it is among them; what it went through is its own life.
   * @param {number} frame
   */
  #followFrame(frame) {
    const events = /** @type {LabEvent[]} */ ([]);
    const caused = /** @type {LabEvent[]} */ ([]);
    const followed = new Set();
    const others = new Set();
    const duplicated = this.#layout.kindList.findIndex(({ name }) => name === 'frame_duplicated');
    this.#log.scan((id, { kind, cause, frame: of }) => {
      const isOwn = of === frame || (kind === duplicated && this.#log.at(id)?.copy_frame === frame);
      const isNew = of === 0 || !others.has(of);
      if (!isOwn && !(followed.has(cause) && isNew)) return;
      const event = /** @type {LabEvent} */ (this.#log.at(id));
      (isOwn ? events : caused).push(event);
      if (isOwn || of === 0) followed.add(id);
      else others.add(of);
    });
    return { events, caused };
  }
}

/**
 * What a lesson may ask of a run, as data: patterns of events, values, statements, and where to stop. Everything is
 * read from the trace of the stack; nothing here knows what TCP would do. web/lessons/README.md has the language.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {Record<string, any>} Pattern
 * @typedef {Record<string, any>} Value
 * @typedef {Record<string, any>} Statement
 * @typedef {Record<string, any>} Stop
 * @typedef {{from: number, to: number, step?: number}} Scope events after id `from`, up to id `to`; `step`: where the step began
 */
import { flagsText, relativeTo, segmentKind } from './segment.js';

/** How long a run may look for what it waits for. */
export const LIMIT_MS = 120_000;

/** PSH says nothing that a beginner needs, and would make two names of one thing. @param {number} flags */
export const plainFlags = (flags) => flagsText(flags & ~8);

/** The trace of a lab so far, and what patterns need to know beside single events. */
export class Trace {
  /** @param {Pick<Lab, 'events' | 'hosts'>} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {LabEvent[]} */
    this.log = [];
    /** First sequence numbers, by the ports from and to. @type {Map<string, number>} */
    this.firsts = new Map();
    /** What a frame carries. @type {Map<number, {protocol: string, segment: string}>} */
    this.cargo = new Map();
    this.names = lab.hosts.map(({ name }) => name);
    this.pull();
  }

  get last() {
    return this.log.length;
  }

  /** Takes over what has happened since. */
  pull() {
    for (const event of /** @type {LabEvent[]} */ (this.lab.events(this.log.length))) {
      this.log.push(event);
      this.#note(event);
    }
    return this;
  }

  /** @param {LabEvent} event */
  #note(event) {
    if (event.kind === 'tcp_segment_sent') {
      const kind = segmentKind(/** @type {any} */ (event));
      if (kind.startsWith('syn')) this.firsts.set(`${event.src_port} ${event.dst_port}`, event.seq);
      this.cargo.set(event.frame, { protocol: 'tcp', segment: kind });
    } else if (event.kind === 'header_added' && !this.cargo.has(event.frame)) {
      this.cargo.set(event.frame, { protocol: event.protocol, segment: '' });
    } else if (event.kind === 'frame_duplicated') {
      const cargo = this.cargo.get(event.frame);
      if (cargo) this.cargo.set(event.copy_frame, cargo);
    }
  }

  /** Counted from the first number of whoever counts: seq from the sender's, ack from the other one's. @param {LabEvent} event @param {'seq' | 'ack'} which */
  #relative(event, which) {
    const [from, to] = which === 'seq' ? [event.src_port, event.dst_port] : [event.dst_port, event.src_port];
    return relativeTo(event[which], this.firsts.get(`${from} ${to}`));
  }

  /**
   * A field of an event, with those that only a whole run can tell.
   * @param {LabEvent} event @param {string} name
   */
  field(event, name) {
    switch (name) {
      case 'node':
        return this.names[event.node] ?? null;
      case 'segment':
        return 'flags' in event && 'payload_bytes' in event ? segmentKind(/** @type {any} */ (event)) : this.cargo.get(event.frame)?.segment;
      case 'carries':
        return this.cargo.get(event.frame)?.protocol;
      case 'flags':
        return typeof event.flags === 'number' ? plainFlags(event.flags) : undefined;
      case 'rel_seq':
        return this.#relative(event, 'seq');
      case 'rel_ack':
        return this.#relative(event, 'ack');
      case 't_ms':
        return event.t_us / 1000;
      default:
        return event[name];
    }
  }

  /** @param {Pattern} pattern @param {LabEvent} event */
  matches(pattern, event) {
    return event.kind === pattern.kind && Object.entries(pattern).every(([name, want]) => name === 'kind' || fits(want, this.field(event, name)));
  }

  /** @param {Pattern} pattern @param {Scope} scope */
  find(pattern, { from, to }) {
    return this.log.slice(from, to).filter((event) => this.matches(pattern, event));
  }

  /** @param {Pattern} pattern @param {Scope} scope @param {number} [nth] from 1; from the end when negative */
  nth(pattern, scope, nth = 1) {
    return this.find(pattern, scope).at(nth > 0 ? nth - 1 : nth) ?? null;
  }

  /** A host's state, as its connection's events tell it: the latest connection, or LISTEN, or CLOSED. @param {string} node @param {number} to */
  state(node, to) {
    let state = 'CLOSED';
    const ports = new Set();
    for (const event of this.log.slice(0, to)) {
      if (event.kind !== 'tcp_state' || this.names[event.node] !== node) continue;
      if (event.remote_port === 0) {
        if (event.to === 'LISTEN') ports.add(event.local_port);
        else ports.delete(event.local_port);
      } else state = event.to;
    }
    return state === 'CLOSED' && ports.size > 0 ? 'LISTEN' : state;
  }
}

/** Is it what is wanted: itself, one of a list, or in a range? @param {any} want @param {any} found */
function fits(want, found) {
  if (Array.isArray(want)) return want.includes(found);
  if (want === null || typeof want !== 'object') return want === found;
  return typeof found === 'number' && found >= (want.min ?? -Infinity) && found <= (want.max ?? Infinity);
}

/** How each value is worked out, by the member that tells its sort. @type {Record<string, (trace: Trace, value: any, scope: Scope) => any>} */
const VALUES = {
  count: (trace, { count }, scope) => trace.find(count, scope).length,
  field(trace, { field, of, nth }, scope) {
    const event = trace.nth(of, scope, nth);
    return event ? (trace.field(event, field) ?? null) : null;
  },
  sum: (trace, { sum, of }, scope) => trace.find(of, scope).reduce((all, event) => all + trace.field(event, sum), 0),
  distinct: (trace, { distinct, of }, scope) => new Set(trace.find(of, scope).map((event) => trace.field(event, distinct))).size,
  largest: (trace, { largest, of }, scope) => Math.max(...trace.find(of, scope).map((event) => trace.field(event, largest))),
  smallest: (trace, { smallest, of }, scope) => Math.min(...trace.find(of, scope).map((event) => trace.field(event, smallest))),
  between_ms(trace, { between_ms: [first, second] }, scope) {
    const start = trace.nth(first, scope);
    const end = start && trace.nth(second, { from: start.id, to: scope.to });
    return start && end ? (end.t_us - start.t_us) / 1000 : null;
  },
  falls(trace, { falls, of }, scope) {
    const found = trace.find(of, scope).map((event) => trace.field(event, falls));
    return found.filter((value, i) => i > 0 && value < found[i - 1]).length;
  },
  state: (trace, { state }, { to }) => trace.state(state, to),
  minus: (trace, { minus }, scope) => both(trace, minus, scope, (left, right) => left - right),
  divide: (trace, { divide }, scope) => both(trace, divide, scope, (left, right) => left / right),
};

/** @param {Trace} trace @param {any[]} pair @param {Scope} scope @param {(left: number, right: number) => number} work */
function both(trace, pair, scope, work) {
  const [left, right] = pair.map((each) => evaluate(trace, each, scope));
  return left === null || right === null ? null : work(left, right);
}

/** The sorts of values there are. */
export const VALUE_SORTS = Object.keys(VALUES);

/**
 * A value of a run: a number or a text; null when what it is about did not happen.
 * @param {Trace} trace
 * @param {Value | number | string} value
 * @param {Scope} scope
 * @returns {any}
 */
export function evaluate(trace, value, scope) {
  if (value === null || typeof value !== 'object') return value;
  const sort = VALUE_SORTS.find((each) => each in value);
  if (!sort) throw new Error(`not a value: ${JSON.stringify(value)}`);
  const from = value.since === 'start' ? 0 : value.since === 'step' ? (scope.step ?? scope.from) : scope.from;
  const found = VALUES[sort](trace, value, { ...scope, from });
  return typeof found === 'number' && !Number.isFinite(found) ? null : found;
}

/** @type {Record<string, (left: any, right: any) => boolean>} */
const COMPARISONS = {
  is: (left, right) => left === right,
  isnt: (left, right) => left !== right,
  above: (left, right) => left !== null && right !== null && left > right,
  below: (left, right) => left !== null && right !== null && left < right,
};

/**
 * Does it hold of a run? All comparisons that stand with the value must.
 * @param {Trace} trace
 * @param {Statement} statement
 * @param {Scope} scope
 * @returns {boolean}
 */
export function holds(trace, statement, scope) {
  if (statement.all) return statement.all.every((/** @type {Statement} */ each) => holds(trace, each, scope));
  if (statement.any) return statement.any.some((/** @type {Statement} */ each) => holds(trace, each, scope));
  if (statement.no) return !holds(trace, statement.no, scope);
  const left = evaluate(trace, statement, scope);
  return Object.entries(COMPARISONS).every(
    ([name, compare]) => !(name in statement) || compare(left, evaluate(trace, statement[name], scope)),
  );
}

/**
 * Runs a lab until a stop. It then has done all that was due by that time, so that what is done next is done at the
 * same place in each copy.
 * @param {Lab} lab
 * @param {Trace} trace of that lab
 * @param {Stop} stop
 * @param {number} [from] events after this one count, those too that happened before this call
 * @returns {boolean} false: it did not come; the clock is at the limit, or where nothing is to come any more
 */
export function runTo(lab, trace, stop, from = trace.last) {
  const start_us = lab.now_us;
  const end_us = start_us + (stop.limit_ms ?? LIMIT_MS) * 1000;
  if (stop.at_ms !== undefined) return goTo(lab, trace, stop.at_ms * 1000);
  if (stop.after_ms !== undefined) return goTo(lab, trace, start_us + stop.after_ms * 1000);
  for (let seen = from, found = 0; ; ) {
    if (stop.event) {
      const news = trace.find(stop.event, { from: seen, to: trace.last });
      const hit = news[(stop.nth ?? 1) - found - 1];
      if (hit) return goTo(lab, trace, hit.t_us + (stop.then_ms ?? 0) * 1000);
      found += news.length;
      seen = trace.last;
    }
    const { next_us } = lab;
    const quiet = stop.quiet_ms !== undefined && (next_us === null || next_us > lab.now_us + stop.quiet_ms * 1000);
    if (quiet) return goTo(lab, trace, lab.now_us);
    if (next_us === null || next_us > end_us) return false;
    lab.runUntil(next_us, { maxEvents: 1 });
    trace.pull();
  }
}

/** @param {Lab} lab @param {Trace} trace @param {number} t_us */
function goTo(lab, trace, t_us) {
  lab.runUntil(Math.max(lab.now_us, Math.round(t_us)));
  trace.pull();
  return true;
}

/** What "latest" means to a call: the latest socket of the type that it is for; to any other call, of any type. @type {Record<string, string>} */
const TYPE_OF_CALL = { sendto: 'udp', recvfrom: 'udp', send: 'tcp', recv: 'tcp', shutdown: 'tcp', close: 'tcp', abort: 'tcp' };

/**
 * A command of a lesson as the engine takes it: a frame may be told by a pattern, a socket as "latest".
 * @param {Trace} trace
 * @param {Record<string, any>} command
 */
export function resolve(trace, { until: _until, ...command }) {
  if (typeof command.frame === 'object') command.frame = trace.nth(command.frame, { from: 0, to: trace.last }, -1)?.frame ?? 0;
  if (command.socket === 'latest') {
    const type = TYPE_OF_CALL[command.do];
    const opened = trace.log.findLast(
      (event) =>
        event.kind === 'socket_call' &&
        ['SOCKET', 'ACCEPT'].includes(event.call) &&
        event.result > 0 &&
        trace.names[event.node] === command.node &&
        (type === undefined || event.type === type),
    );
    command.socket = opened?.result ?? 0;
  }
  return command;
}

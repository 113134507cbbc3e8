/**
 * Programs as source with the line they are at. Which line comes from their steps in the trace; what they wait for
 * there is what the line's call waits for.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{step: number, id: number, value: number, t_us: number}} Step
 * @typedef {{id: number, t_us: number, text: string, result: string, call: string}} PersonLine
 * @typedef {{line: number, waits: string, id: number, value: number}} Place waits: a message's key; '': it does not wait
 */
import { addressText } from './segment.js';

/** After each step: the line at which the program then waits, and what for. @type {Record<string, [number, string][]>} */
const WAITS = {
  receiver: [[1, ''], [4, 'datagram'], [3, 'accept'], [4, 'recv'], [4, 'recv'], [3, 'accept']],
  echo: [[1, ''], [4, 'datagram'], [3, 'accept'], [4, 'recv'], [4, 'recv'], [4, 'recv'], [3, 'accept']],
  sender: [[1, ''], [1, 'connect'], [2, 'send'], [4, 'end'], [4, 'end'], [5, '']],
  ping: [[1, ''], [2, 'reply'], [2, 'reply'], [3, '']],
};

/**
 * Where a program is after its last step.
 * @param {string} name @param {Step | undefined} last
 * @returns {Place}
 */
export function placeOf(name, last) {
  if (!last) return { line: -1, waits: '', id: 0, value: 0 };
  const [, waits] = WAITS[name]?.[last.step] ?? [0, ''];
  return { line: last.step, waits, id: last.id, value: last.value };
}

/** At which line it waits. @param {string} name @param {number} step */
export const waitingLine = (name, step) => WAITS[name]?.[step]?.[0] ?? -1;

/** @type {Record<string, (event: LabEvent) => string>} */
const LINES = {
  SOCKET: (event) => `s${event.result} = socket(${String(event.type).toUpperCase()});`,
  CONNECT: (event) => `connect(s${event.socket}, ${addressText(event.addr)}:${event.port});`,
  SEND: (event) => `send(s${event.socket}, data, ${event.len_bytes});`,
  SENDTO: (event) => `sendto(s${event.socket}, data, ${event.len_bytes}, ${addressText(event.addr)}:${event.port});`,
  RECV: (event) => `n = recv(s${event.socket}, buffer);`,
  BIND: (event) => `bind(s${event.socket}, ${event.port});`,
};

/** Steps of programs and calls of people, collected once: long runs have few of them among many events. */
export class ProgramLog {
  constructor() {
    this.read = 0;
    /** @type {LabEvent | null} */
    this.last = null;
    /** By node and number. @type {Map<string, Step[]>} */
    this.steps = new Map();
    /** By node. @type {Map<number, PersonLine[]>} */
    this.calls = new Map();
  }

  /** @param {LabEvent[]} log */
  follow(log) {
    if (log.length < this.read || (this.last && log[this.read - 1] !== this.last)) Object.assign(this, new ProgramLog());
    for (; this.read < log.length; this.read++) {
      const event = log[this.read];
      if (event.kind === 'app_step') this.#step(event);
      else if (event.kind === 'socket_call' && log[event.cause - 1]?.kind === 'action') this.#call(event);
    }
    this.last = log.at(-1) ?? null;
  }

  /** @param {LabEvent} event */
  #step({ node, app, step, id, value, t_us }) {
    const key = `${node} ${app}`;
    const steps = this.steps.get(key);
    if (steps) steps.push({ step, id, value, t_us });
    else this.steps.set(key, [{ step, id, value, t_us }]);
  }

  /** @param {LabEvent} event */
  #call(event) {
    const text = LINES[event.call]?.(event) ?? `${event.call.toLowerCase()}(s${event.socket});`;
    const { id, t_us, call } = event;
    const line = { id, t_us, text, result: event.result_name ?? String(event.result), call };
    this.calls.set(event.node, [...(this.calls.get(event.node) ?? []), line]);
  }

  /** A program's steps. @param {number} node @param {number} app */
  stepsOf(node, app) {
    return this.steps.get(`${node} ${app}`) ?? [];
  }

  /** The calls that a person has made at a host until an event, as lines of a program. @param {number} node @param {number} id */
  linesOf(node, id) {
    return (this.calls.get(node) ?? []).filter((line) => line.id <= id);
  }
}

/** The last step until an event. @param {Step[]} steps @param {number} id @returns {Step | undefined} */
export function lastStep(steps, id) {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle].id <= id) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1];
}

/** The port that a server program has bound; 0: it is none. @param {Step[]} steps @param {string} name */
export function portOf(steps, name) {
  const isServer = name === 'receiver' || name === 'echo';
  return isServer ? (steps.find((each) => each.step === 1)?.value ?? 0) : 0;
}

/** What a person's program waits for after its last call. @param {string | undefined} call @param {string} state of its connection */
export function personWaits(call, state) {
  if (call === 'CONNECT' && (state === 'SYN_SENT' || state === 'SYN_RCVD')) return 'connect';
  return 'person';
}

/**
 * Programs as source with the line they are at. Which line comes from their steps in the trace; what they wait for
 * there is what the line's call waits for.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
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
 * @param {string} name @param {{step: number, id: number, value: number} | undefined} last
 * @returns {Place}
 */
export function placeOf(name, last) {
  if (!last) return { line: -1, waits: '', id: 0, value: 0 };
  const [, waits] = WAITS[name]?.[last.step] ?? [0, ''];
  return { line: last.step, waits, id: last.id, value: last.value };
}

/** At which line it waits. @param {string} name @param {number} step */
export const waitingLine = (name, step) => WAITS[name]?.[step]?.[0] ?? -1;

/** The last step of each program until an event, by node and number. @param {LabEvent[]} log @param {number} id */
export function lastSteps(log, id) {
  /** @type {Map<string, {step: number, id: number, value: number}>} */
  const last = new Map();
  for (let i = id; i > 0; i--) {
    const event = log[i - 1];
    if (event.kind !== 'app_step') continue;
    const key = `${event.node} ${event.app}`;
    if (!last.has(key)) last.set(key, { step: event.step, id: event.id, value: event.value });
  }
  return last;
}

/** The port that a server program has bound; 0: it is none. @param {LabEvent[]} log @param {number} node @param {number} app @param {string} name */
export function portOf(log, node, app, name) {
  if (name !== 'receiver' && name !== 'echo') return 0;
  const bind = log.find((event) => event.kind === 'app_step' && event.node === node && event.app === app && event.step === 1);
  return bind?.value ?? 0;
}

/** @type {Record<string, (event: LabEvent) => string>} */
const LINES = {
  SOCKET: (event) => `s${event.result} = socket(${String(event.type).toUpperCase()});`,
  CONNECT: (event) => `connect(s${event.socket}, ${addressText(event.addr)}:${event.port});`,
  SEND: (event) => `send(s${event.socket}, data, ${event.len_bytes});`,
  SENDTO: (event) => `sendto(s${event.socket}, data, ${event.len_bytes}, ${addressText(event.addr)}:${event.port});`,
  RECV: (event) => `n = recv(s${event.socket}, buffer);`,
  BIND: (event) => `bind(s${event.socket}, ${event.port});`,
};

/**
 * The calls that a person has made at a host, as lines of a program.
 * @param {LabEvent[]} log @param {number} node @param {number} id until this event
 * @returns {{id: number, t_us: number, text: string, result: string, call: string}[]}
 */
export function personsLines(log, node, id) {
  const lines = [];
  for (let i = 0; i < id; i++) {
    const event = log[i];
    if (event.kind !== 'socket_call' || event.node !== node || log[event.cause - 1]?.kind !== 'action') continue;
    const text = LINES[event.call]?.(event) ?? `${event.call.toLowerCase()}(s${event.socket});`;
    lines.push({ id: event.id, t_us: event.t_us, text, result: event.result_name ?? String(event.result), call: event.call });
  }
  return lines;
}

/** What a person's program waits for after its last call. @param {string | undefined} call @param {string} state of its connection */
export function personWaits(call, state) {
  if (call === 'CONNECT' && (state === 'SYN_SENT' || state === 'SYN_RCVD')) return 'connect';
  return 'person';
}

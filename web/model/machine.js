/**
 * TCP's states as a map: RFC 9293, figure 5, and where a connection has been on it. The map says what can come next;
 * that it came is told by events.
 *
 * @typedef {import('./types.js').Transition} Transition
 * @typedef {import('./record.js').RunRecord} RunRecord
 *
 * A way on the map. `label` is what stands on the arrow: what causes it, and what is sent.
 * @typedef {{from: string, to: string, why: string, label: string}} Edge
 *
 * A state on a path, and with which event it was entered; id 0: it has been there from the start.
 * @typedef {{state: string, id: number, t_us: number, cause: number, from: string}} Visit
 */
import { shownConnection } from './select.js';

/** In the order of RFC 9293, section 3.3.2. */
export const STATES = /** @type {const} */ ([
  ...['LISTEN', 'SYN_SENT', 'SYN_RCVD', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2'],
  ...['CLOSE_WAIT', 'CLOSING', 'LAST_ACK', 'TIME_WAIT', 'CLOSED'],
]);

/** @param {string} from @param {string} to @param {string} why @param {string} label @returns {Edge} */
const edge = (from, to, why, label) => ({ from, to, why, label });

/** Figure 5, and of its notes the one way that runs meet: FIN_WAIT_1 to TIME_WAIT (note 2). */
export const EDGES = [
  edge('CLOSED', 'LISTEN', 'listen', 'listen()'),
  edge('CLOSED', 'SYN_SENT', 'connect', 'connect() ▸ SYN'),
  edge('LISTEN', 'SYN_RCVD', 'syn', 'SYN ▸ SYN+ACK'),
  edge('LISTEN', 'SYN_SENT', 'send', 'send() ▸ SYN'),
  edge('LISTEN', 'CLOSED', 'close-quietly', 'close()'),
  edge('SYN_SENT', 'ESTABLISHED', 'syn-ack', 'SYN+ACK ▸ ACK'),
  edge('SYN_SENT', 'SYN_RCVD', 'syn-both', 'SYN ▸ SYN+ACK'),
  edge('SYN_SENT', 'CLOSED', 'close-quietly', 'close()'),
  edge('SYN_RCVD', 'ESTABLISHED', 'ack-of-syn', 'ACK'),
  edge('SYN_RCVD', 'FIN_WAIT_1', 'close', 'close() ▸ FIN'),
  edge('ESTABLISHED', 'FIN_WAIT_1', 'close', 'close() ▸ FIN'),
  edge('ESTABLISHED', 'CLOSE_WAIT', 'fin', 'FIN ▸ ACK'),
  edge('FIN_WAIT_1', 'FIN_WAIT_2', 'ack-of-fin', 'ACK'),
  edge('FIN_WAIT_1', 'CLOSING', 'fin-both', 'FIN ▸ ACK'),
  edge('FIN_WAIT_1', 'TIME_WAIT', 'fin-ack', 'FIN+ACK ▸ ACK'),
  edge('FIN_WAIT_2', 'TIME_WAIT', 'fin', 'FIN ▸ ACK'),
  edge('CLOSE_WAIT', 'LAST_ACK', 'close', 'close() ▸ FIN'),
  edge('CLOSING', 'TIME_WAIT', 'ack-of-fin', 'ACK'),
  edge('LAST_ACK', 'CLOSED', 'ack-of-fin', 'ACK'),
  edge('TIME_WAIT', 'CLOSED', 'time', '2 MSL'),
];

/**
 * Where a host's shown connection has been, from its first state on; and where it will be, as far as that is known.
 * @param {RunRecord} record
 * @param {import('./types.js').LabState} state
 * @param {number} node
 * @returns {Visit[]} those with an id above the cursor's lie ahead
 */
export function pathOf(record, state, node) {
  const of_node = record.transitions.filter((each) => each.node === node);
  const connection = shownConnection(state, node);
  const all = connection ? of_node.filter((each) => each.key === connection.key) : [];
  const isFirst = (/** @type {Transition} */ each) => each.from === 'CLOSED' || each.from === 'LISTEN';
  const first = all.findLastIndex((each) => each.id <= state.id && isFirst(each));
  const again = all.findIndex((each) => each.id > state.id && isFirst(each));
  const own = all.slice(Math.max(0, first), again < 0 ? undefined : again);
  const seen = of_node.filter((each) => each.id <= state.id);
  const isServer = own.length > 0 && own[0].from === 'LISTEN';
  const before = own[0]?.id ?? Infinity;
  const listener = seen.filter(
    (each) => each.remote_port === 0 && each.id < before && (!isServer || each.local_port === own[0].local_port),
  );
  /** @type {Visit[]} */
  const path = [{ state: 'CLOSED', id: 0, t_us: 0, cause: 0, from: '' }];
  const opened = listener.findLastIndex((each) => each.to === 'LISTEN');
  const steps = [...(isServer || own.length === 0 ? listener.slice(Math.max(0, opened)) : []), ...own];
  for (const { id, t_us, to, from, cause } of steps) path.push({ state: to, id, t_us, cause, from });
  return path;
}

/** What can come next, with what would cause it. A reset ends any connection (figure 5, note 3). @param {string} state */
export function nextOf(state) {
  const ways = EDGES.filter((each) => each.from === state);
  const isOpen = state !== 'CLOSED' && state !== 'LISTEN' && state !== 'TIME_WAIT';
  return isOpen ? [...ways, edge(state, 'CLOSED', 'reset', 'RST')] : ways;
}

/** @param {Visit[]} path @param {Edge} way the visit that came over this way; undefined: none has */
export const visitOver = (path, way) => path.findLast((visit) => visit.from === way.from && visit.state === way.to);

/**
 * The frame that has to do with a step: the segment that came in and caused it, or else the one sent with it.
 * @param {Visit} visit
 * @param {import('./types.js').LabEvent[]} log
 */
export function frameOf(visit, log) {
  const cause = log[visit.cause - 1];
  if (!cause) return 0;
  if (cause.frame) return cause.frame;
  const sent = log.slice(visit.id, visit.id + 8).find((each) => each.kind === 'tcp_segment_sent' && each.cause === visit.cause);
  return sent?.frame ?? 0;
}

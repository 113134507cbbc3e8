/**
 * One event after another makes the state of the lab at a moment. What is here comes from events alone; the page
 * never works out on its own what TCP would do.
 *
 * The state is small (what is open now, what flies now), so copies of it are cheap: the timeline keeps one every
 * so many events and goes back in time from there.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').LabState} LabState
 */
import { LAYER_OF, connectionKey, timerKey } from './record.js';
import { hasSentence } from './narrate.js';
import { isSetup } from './select.js';

/** Closed connections are kept so that their end can be seen; more than these are forgotten. */
const CLOSED_KEPT = 8;

/** @param {number} nodes @returns {LabState} */
export function initialState(nodes) {
  const node = () => ({ connections: [], listening: [], call: null, sent_bytes: 0, received_bytes: 0, passing: null });
  return { t_us: 0, id: 0, nodes: Array.from({ length: nodes }, node), flying: [], timers: [], moment: 0 };
}

/** A copy that shares nothing. @param {LabState} state @returns {LabState} */
export const copyState = (state) => structuredClone(state);

/**
 * Takes one more event into the state, in place.
 * @param {LabState} state
 * @param {LabEvent} event
 */
export function reduce(state, event) {
  state.t_us = event.t_us;
  state.id = event.id;
  if (hasSentence(event)) state.moment = event.id;
  const node = state.nodes[event.node];
  for (const each of state.nodes) if (each !== node || !PASSING.has(event.kind)) each.passing = null;
  REDUCERS[event.kind]?.(state, event, node);
}

const SWITCHED = ['switch_learned', 'switch_forwarded', 'switch_flooded', 'switch_filtered'];
const PASSING = new Set(['header_added', 'header_removed', 'checksum_checked', ...SWITCHED]);

/** @type {Record<string, (state: LabState, event: LabEvent, node: import('./types.js').NodeState) => void>} */
const REDUCERS = {
  tcp_state(state, event, node) {
    if (!node) return;
    if (event.remote_port === 0) {
      node.listening = node.listening.filter((port) => port !== event.local_port);
      if (event.to === 'LISTEN') node.listening.push(event.local_port);
      return;
    }
    const key = connectionKey(event.node, event.local_port, event.remote_port, event.remote_addr);
    let connection = node.connections.findLast((each) => each.key === key && each.state !== 'CLOSED');
    if (!connection) {
      const { local_port, remote_port, remote_addr } = event;
      connection = {
        key,
        node: event.node,
        socket: 0,
        local_port,
        remote_port,
        remote_addr,
        state: '',
        since_us: 0,
        since_id: 0,
      };
      node.connections.push(connection);
    }
    if (event.socket) connection.socket = event.socket;
    Object.assign(connection, { state: event.to, since_us: event.t_us, since_id: event.id });
    const closed = node.connections.filter((each) => each.state === 'CLOSED');
    if (closed.length > CLOSED_KEPT) node.connections.splice(node.connections.indexOf(closed[0]), 1);
  },
  socket_call(state, event, node) {
    if (!node) return;
    const { call, result, t_us, id, len_bytes } = event;
    if (!(result < 0 && isWaiting(event)) && !isSetup(call)) node.call = { call, result, t_us, id, len_bytes };
    if (result <= 0) return;
    if (call === 'ACCEPT') {
      const accepted = node.connections.find(
        (each) => each.socket === 0 && each.remote_port === event.port && each.state !== 'CLOSED',
      );
      if (accepted) accepted.socket = result;
    }
    if (call === 'SEND' || call === 'SENDTO') node.sent_bytes += result;
    if (call === 'RECV' || call === 'RECVFROM') node.received_bytes += result;
  },
  header_added(state, event, node) {
    if (!node) return;
    node.passing = { frame: event.frame, way: 'down', layer: LAYER_OF[event.protocol] ?? 'link' };
  },
  header_removed(state, event, node) {
    if (!node) return;
    node.passing = { frame: event.frame, way: 'up', layer: LAYER_OF[event.protocol] ?? 'link' };
  },
  ...Object.fromEntries(SWITCHED.map((kind) => [kind, hold])),
  frame_queued: fly,
  frame_sent: fly,
  frame_delivered: land,
  frame_lost: land,
  tcp_timer_armed(state, event) {
    stopTimer(state, event);
    const { node, timer, due_us, t_us } = event;
    state.timers.push({ node, key: timerKey(event), timer, from_us: t_us, due_us });
  },
  tcp_timer_fired: stopTimer,
  tcp_timer_stopped: stopTimer,
};

/** A program that only asks whether there is something is no news. @param {LabEvent} event */
function isWaiting(event) {
  return event.call === 'RECV' || event.call === 'RECVFROM' || event.call === 'ACCEPT' || event.call === 'SEND';
}

/** A switch has a frame in its hands, whole. @param {LabState} state @param {LabEvent} event @param {import('./types.js').NodeState} node */
function hold(state, event, node) {
  if (node) node.passing = { frame: event.frame, way: 'down', layer: 'link' };
}

/** @param {LabState} state @param {LabEvent} event */
function fly(state, event) {
  if (state.flying.lastIndexOf(event.frame) < 0) state.flying.push(event.frame);
}

/** @param {LabState} state @param {LabEvent} event */
function land(state, event) {
  const at = state.flying.indexOf(event.frame); // nearly always among the first
  if (at >= 0) state.flying.splice(at, 1);
}

/** @param {LabState} state @param {LabEvent} event */
function stopTimer(state, event) {
  const ended = timerKey(event);
  state.timers = state.timers.filter(({ key }) => key !== ended);
}

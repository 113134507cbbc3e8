/**
 * What views ask of the state. Pure functions: state in, answer out.
 *
 * @typedef {import('./types.js').LabState} LabState
 * @typedef {import('./types.js').Connection} Connection
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 * @typedef {import('./record.js').RunRecord} RunRecord
 */

/** Calls that only prepare a socket are not what a program is doing. @param {string} call */
export const isSetup = (call) => ['SOCKET', 'BIND', 'SETSOCKOPT'].includes(call);

/**
 * The connection that a host is shown with: the one asked for, or the latest.
 * @param {LabState} state @param {number} node
 * @param {string | null} [key]
 * @returns {Connection | undefined}
 */
export function shownConnection(state, node, key = null) {
  const { connections } = state.nodes[node];
  return connections.findLast((each) => each.key === key) ?? connections.at(-1);
}

/** The chip above a host: RFC 9293's name of its state. @param {LabState} state @param {number} node */
export function chip(state, node) {
  const connection = shownConnection(state, node);
  if (connection) return connection.state;
  return state.nodes[node].listening.length > 0 ? 'LISTEN' : 'CLOSED';
}

/**
 * Where a frame is between its ends, 0 to 1; null when it is not on the link.
 * @param {FrameRecord} frame
 * @param {number} t_us
 */
export function progress(frame, t_us) {
  if (frame.sent_us === null || frame.arrival_us === null) return null;
  const span = frame.arrival_us - frame.sent_us;
  return span > 0 ? Math.min(1, Math.max(0, (t_us - frame.sent_us) / span)) : 1;
}

/**
 * What has become of a frame at a cursor.
 * @param {FrameRecord} frame
 * @param {{t_us: number, id: number}} cursor
 * @returns {'unborn' | 'waiting' | 'flying' | 'delivered' | 'discarded' | 'lost'}
 */
export function fate(frame, cursor) {
  if (frame.born_id > cursor.id) return 'unborn';
  if (frame.lost_id && frame.lost_id <= cursor.id) return 'lost';
  if (frame.discarded_id && frame.discarded_id <= cursor.id) return 'discarded';
  if (frame.delivered_id && frame.delivered_id <= cursor.id) return 'delivered';
  return frame.sent_id && frame.sent_id <= cursor.id ? 'flying' : 'waiting';
}

/**
 * Frames on the links now, and how many wait before them, by direction.
 * @param {LabState} state @param {RunRecord} record
 */
export function onLinks(state, record) {
  /** @type {FrameRecord[]} */
  const frames = [];
  const waiting = [0, 0];
  for (const id of state.flying) {
    const frame = record.by_frame.get(id);
    if (!frame) continue;
    const hasLeft = frame.sent_id > 0 && frame.sent_id <= state.id;
    if (!hasLeft) waiting[frame.direction]++;
    if (frame.sent_us !== null && frame.sent_id <= state.id) frames.push(frame);
  }
  return { frames, waiting };
}

/** The frame that "drop" means, of those on the links: the selected one if it flies, else the only one, else the latest. @param {FrameRecord[]} frames @param {number} selected */
export const grabbed = (frames, selected) => frames.find(({ frame }) => frame === selected) ?? frames.at(-1) ?? null;

/**
 * The other end of a connection: the same four numbers seen from the other side.
 * @param {LabState} state @param {Connection} connection
 */
export function otherEnd(state, connection) {
  return state.nodes
    .flatMap((node) => node.connections)
    .findLast(
      (each) =>
        each.node !== connection.node &&
        each.local_port === connection.remote_port &&
        each.remote_port === connection.local_port,
    );
}

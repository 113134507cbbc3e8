/**
 * A segment made by hand: its fields while a person sets them, what they may start from, the command they become, and
 * the bytes that the stack would make of that. Numbers are absolute here; views count them from each side's first.
 *
 * @typedef {import('./app.js').App} App
 *
 * @typedef {object} Draft
 * @property {number} node where it leaves
 * @property {number | null} by the interface that it leaves by; null: that of the route
 * @property {number} as whose connection it pretends to be of: the same, or another host
 * @property {string} to "10.0.0.2:80"
 * @property {string} from
 * @property {string[]} flags
 * @property {number} seq
 * @property {number} ack
 * @property {number} window as it is on the wire
 * @property {number | null} mss null: the option is not there
 * @property {number | null} window_scale
 * @property {boolean} sack_permitted
 * @property {[number, number] | null} timestamps
 * @property {[number, number] | null} sack
 * @property {string} text
 * @property {boolean} wrong a checksum that is one bit off
 *
 * What is known of the connection: "iss" and "irs" are where numbers are counted from.
 * @typedef {{local: string, remote: string, tcp: Record<string, any>}} Socket
 */
import { FLAG } from './segment.js';
import { shownConnection } from './select.js';
import { TCP_PORT } from './scenario.js';

export const FLAGS = /** @type {const} */ (['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']);

/** So far beyond the window is certainly outside. */
const FAR_BYTES = 100_000;
const MADE_UP_PORT = 40_000;
const EMPTY = {
  ...{ seq: 0, ack: 0, window: 65_535, mss: null, window_scale: null, sack_permitted: false },
  ...{ timestamps: null, sack: null, text: '', wrong: false, by: null },
};

/** @param {number} number */
const wrapped = (number) => number >>> 0;

/**
 * The shown connection of a host, as the description of that moment has it.
 * @param {App} app @param {any} described @param {number} node
 * @returns {Socket | null}
 */
export function socketOf(app, described, node) {
  const connection = shownConnection(app.state, node);
  if (!connection) return null;
  const ends = (/** @type {any} */ each) => each.tcp && each.local.endsWith(`:${connection.local_port}`) && each.remote?.endsWith(`:${connection.remote_port}`);
  return described.nodes[node].sockets.find(ends) ?? null;
}

/** The timestamps that a host sent last on its connection: without any, a receiver that agreed on them takes nothing. @param {App} app @param {number} node @returns {[number, number] | null} */
function lastTimestamps(app, node) {
  const { lab } = app.session;
  const last = app.record.frames.findLast((frame) => frame.node === node && frame.segment && frame.born_id <= app.cursor.id);
  const bytes = last && lab.frame(last.frame)?.bytes;
  const option = last && lab.dissect(last.frame)?.fields.find((field) => field.name === 'option_timestamps');
  if (!bytes || !option) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint32(option.offset + 2), view.getUint32(option.offset + 6)];
}

/** Shapes to start from. Each needs a connection but the last. */
export const STARTS = /** @type {const} */ (['next', 'reset', 'blind', 'syn', 'old', 'open']);

/** Whose connection a node would forge on: its own, or that of the first host where it has none, as a router. @param {App} app @param {number} node */
export const ownerOf = ({ session }, node) => (session.topology.nodes[node].kind === 'host' ? node : 0);

/**
 * @param {App} app @param {number} node @param {typeof STARTS[number]} start @param {Socket | null} socket of `as`
 * @param {number} [as] whose connection it is
 * @returns {Draft}
 */
export function draftOf(app, node, start, socket, as = node) {
  const { nodes } = app.session;
  const peer = nodes[as === 1 ? 0 : 1].address;
  if (start === 'open' || !socket) {
    const from = `${nodes[as].address}:${MADE_UP_PORT}`;
    return { ...EMPTY, node, as, to: `${peer}:${TCP_PORT}`, from, flags: start === 'open' ? ['SYN'] : [], seq: 1000, mss: start === 'open' ? 1460 : null };
  }
  const { tcp } = socket;
  const draft = {
    ...EMPTY,
    ...{ node, as, to: socket.remote, from: socket.local, seq: tcp.snd_nxt, ack: tcp.rcv_nxt },
    window: Math.min(65_535, Math.floor(tcp.rcv_wnd_bytes / (tcp.option_window_scale ? 2 ** tcp.rcv_wscale : 1))),
    timestamps: tcp.option_timestamps ? lastTimestamps(app, as) : null,
  };
  if (start === 'reset') return { ...draft, flags: ['RST'], ack: 0 };
  if (start === 'blind') return { ...draft, flags: ['RST'], ack: 0, seq: wrapped(tcp.snd_una + tcp.snd_wnd_bytes + FAR_BYTES) };
  if (start === 'syn') return { ...draft, flags: ['SYN'], ack: 0 };
  if (start === 'old') return { ...draft, ...lastData(app, as) };
  return { ...draft, flags: ['ACK'] };
}

/** The last segment with data again, byte by byte; a first byte when there was none. @param {App} app @param {number} node */
function lastData(app, node) {
  const { lab } = app.session;
  const last = app.record.frames.findLast((frame) => frame.node === node && (frame.segment?.payload_bytes ?? 0) > 0 && frame.born_id <= app.cursor.id);
  const bytes = last && lab.frame(last.frame)?.bytes;
  const data = last && lab.dissect(last.frame)?.fields.find((field) => field.protocol === 'payload');
  if (!last?.segment || !bytes || !data) return { flags: ['ACK', 'PSH'], text: 'x' };
  const { flags, seq, ack } = last.segment;
  const text = new TextDecoder().decode(bytes.subarray(data.offset, data.offset + data.len));
  return { flags: FLAGS.filter((flag) => flags & FLAG[flag]), seq, ack, text };
}

/** The command, without "do" and "node". @param {Draft} draft @returns {Record<string, any>} */
export function fieldsOf({ by, to, from, flags, seq, ack, window, mss, window_scale, sack_permitted, timestamps, sack, text, wrong }) {
  const options = {
    ...(mss !== null && { mss }),
    ...(window_scale !== null && { window_scale }),
    ...(sack_permitted && { sack_permitted }),
    ...(timestamps && { timestamps }),
    ...(sack && { sack: [sack] }),
  };
  return {
    ...(by !== null && { interface: by }),
    ...{ to, from, flags: flags.join(','), seq, ack, window },
    ...(Object.keys(options).length > 0 && { options }),
    ...(text !== '' && { text }),
    ...(wrong && { checksum: 'wrong' }),
  };
}

/**
 * The bytes, as a copy of the lab sends them; nothing of the lab itself changes.
 * @param {App} app @param {Draft} draft
 * @returns {{bytes: Uint8Array, fields: import('../../wasm/engine.js').DissectField[], link: number, direction: number} | {message: string}} link: the first that it goes over
 */
export function preview({ session }, draft) {
  const { lab } = session;
  try {
    const command = { ...fieldsOf(draft), do: 'forge', node: session.nodes[draft.node].name };
    // Where the neighbour is not known yet, its address is asked for first.
    const { found, frame } = lab.ahead({ commands: [command], when: ({ kind, frame: id }, [reply]) => kind === 'frame_sent' && id === reply.frame, events_max: 1000 });
    const bytes = found && frame(found.frame)?.bytes;
    return found && bytes ? { bytes, fields: lab.dissect(bytes)?.fields ?? [], link: found.link, direction: found.direction } : { message: 'EHOSTUNREACH' };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

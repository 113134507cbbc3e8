/**
 * Questions before watching, judged by runs of the stack: the page knows no answer on its own.
 *
 * First: how many segments before data can flow? Counted in the run that is shown. Then: which of them hurts least
 * when it is lost? Three more runs on copies of the lab, each losing one, and the time until data arrives.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{lost: string, first_data_us: number | null}} Trial
 */
import { FLAG, flagsText } from './segment.js';

/** The same for both directions of a connection. @param {number} a @param {number} b */
const portPair = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/**
 * The first handshake of a run, as far as it has got. Other connections may be made meanwhile; one that came to
 * nothing does not count.
 * @param {LabEvent[]} log
 * @param {number} id the last event that has been seen
 * @returns {{segments: string[], done: boolean, again: number}} again: how many of them were sent a second time
 */
export function handshake(log, id) {
  let first = '';
  /** @type {string[]} */
  let segments = [];
  let again = 0;
  const established = new Set();
  for (const event of log) {
    if (event.id > id) break;
    if (event.kind === 'tcp_segment_sent') {
      const ports = portPair(event.src_port, event.dst_port);
      if (first === '' && (event.flags & (FLAG.SYN | FLAG.ACK)) === FLAG.SYN) first = ports;
      if (ports !== first || event.payload_bytes > 0) continue;
      segments.push(flagsText(event.flags));
      if (event.retransmission) again++;
    } else if (event.kind === 'tcp_state' && portPair(event.local_port, event.remote_port) === first) {
      if (event.to === 'ESTABLISHED') established.add(event.node);
      if (established.size === 2) return { segments, done: true, again };
      if (event.from === 'SYN_SENT' && event.to === 'CLOSED') [first, segments, again] = ['', [], 0];
    }
  }
  return { segments, done: false, again };
}

const TRIAL_MAX_US = 20_000_000;

/**
 * Connects in a fresh lab, loses one segment of the handshake, sends a byte as soon as the stack allows it.
 * @param {import('../../wasm/engine.js').Lab} lab
 * @param {{client: string, to: string, lose: number}} what lose: which segment, from 0
 * @returns {Trial}
 */
export function handshakeTrial(lab, { client, to, lose }) {
  const socket = lab.host(client).socket('tcp');
  socket.connect(to);
  let seen = 0;
  let sent = 0;
  let lost = '';
  let doomed = 0; // the frame to lose: it can be dropped once it is on the link
  while (lab.next_us !== null && lab.next_us < TRIAL_MAX_US) {
    for (const event of lab.events(seen)) {
      seen = event.id;
      if (event.kind === 'tcp_segment_sent' && event.payload_bytes === 0 && sent++ === lose) {
        lost = flagsText(event.flags);
        doomed = event.frame;
      }
      if (event.kind === 'frame_sent' && event.frame === doomed) lab.command({ do: 'drop', frame: doomed });
      if (event.kind === 'tcp_state' && event.to === 'ESTABLISHED' && event.node === lab.host(client).node) {
        socket.send('x');
      }
      if (event.kind === 'tcp_received_in_order') return { lost, first_data_us: event.t_us };
    }
    lab.runUntil(lab.next_us, { maxEvents: 1 });
  }
  return { lost, first_data_us: null };
}

/**
 * @param {() => Promise<import('../../wasm/engine.js').Lab>} fresh
 * @param {{client: string, to: string}} what
 */
export async function handshakeTrials(fresh, what) {
  const trials = [];
  for (let lose = 0; lose < 3; lose++) trials.push(handshakeTrial(await fresh(), { ...what, lose }));
  return trials;
}

/** Which trial was over first. @param {Trial[]} trials */
export function mildest(trials) {
  const time = (/** @type {Trial} */ trial) => trial.first_data_us ?? Infinity;
  return trials.reduce((best, trial, i) => (time(trial) < time(trials[best]) ? i : best), 0);
}

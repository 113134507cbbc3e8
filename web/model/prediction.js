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
import { firstNot } from './time-index.js';

/** The same for both directions of a connection. @param {number} a @param {number} b */
const portPair = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/**
 * How far a handshake has got after an event.
 * @typedef {object} Shaken
 * @property {number} id of the event
 * @property {string} ports of the connection
 * @property {string[]} segments
 * @property {number[]} established nodes that are
 * @property {number} again how many of the segments were sent a second time
 * @property {boolean} done
 */

/** @type {Shaken} */
const UNSHAKEN = { id: 0, ports: '', segments: [], established: [], again: 0, done: false };

/**
 * The first handshake of a run, as far as it has got. Other connections may be made meanwhile; one that came to nothing does not
 * count. It follows the run's events, so that asking costs nothing.
 */
export class Handshake {
  constructor() {
    this.steps = [UNSHAKEN];
  }

  /** @param {LabEvent} event */
  add(event) {
    const last = this.steps[this.steps.length - 1];
    if (last.done) return;
    const next = event.kind === 'tcp_segment_sent' ? shakenBySegment(last, event) : event.kind === 'tcp_state' ? shakenByState(last, event) : last;
    if (next !== last) this.steps.push({ ...next, id: event.id });
  }

  /** Forgets what came after the last of these events. @param {LabEvent[]} log */
  forget(log) {
    this.steps.length = firstNot(this.steps.length, (i) => this.steps[i].id <= log.length);
  }

  /** @param {number} id the last event that has been seen */
  at(id) {
    return this.steps[firstNot(this.steps.length, (i) => this.steps[i].id <= id) - 1];
  }
}

/** @param {Shaken} last @param {LabEvent} event @returns {Shaken} */
function shakenBySegment(last, event) {
  const own = portPair(event.src_port, event.dst_port);
  const isFirst = last.ports === '' && (event.flags & (FLAG.SYN | FLAG.ACK)) === FLAG.SYN;
  if ((!isFirst && own !== last.ports) || event.payload_bytes > 0) return isFirst ? { ...last, ports: own } : last;
  return { ...last, ports: own, segments: [...last.segments, flagsText(event.flags)], again: last.again + (event.retransmission ? 1 : 0) };
}

/** @param {Shaken} last @param {LabEvent} event @returns {Shaken} */
function shakenByState(last, event) {
  if (portPair(event.local_port, event.remote_port) !== last.ports) return last;
  if (event.from === 'SYN_SENT' && event.to === 'CLOSED') return { ...UNSHAKEN, established: last.established };
  if (event.to !== 'ESTABLISHED' || event.node === null || last.established.includes(event.node)) return last;
  const established = [...last.established, event.node];
  return { ...last, established, done: established.length === 2 };
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

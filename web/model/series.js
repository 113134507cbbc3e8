/**
 * What changes with time, for the graphs: collected from events, one series for each end of a connection, one for
 * each direction of the link. Times are in microseconds, amounts in bytes.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 *
 * One value after another. @typedef {{t: number[], v: number[]}} Track
 *
 * @typedef {object} Mark a segment in the time-sequence graph
 * @property {number} t_us @property {number} from @property {number} to @property {boolean} again @property {number} frame
 *
 * @typedef {object} Series of one end
 * @property {number} iss
 * @property {Record<string, Track>} tracks cwnd ssthresh flight window rtt srtt rto sent got ack edge
 * @property {Mark[]} segments what it sent
 * @property {Mark[]} sacks what the peer said it has beyond a gap
 */
import { Owners } from './whose.js';
import { FLAG, relativeTo } from './segment.js';

/** Slow start's first threshold: as good as none, and not to be drawn. */
const NO_THRESHOLD = 0xffffffff;

const TRACKS = ['cwnd', 'ssthresh', 'flight', 'window', 'rtt', 'srtt', 'rto', 'sent', 'got', 'ack', 'edge'];

/** @returns {Track} */
const newTrack = () => ({ t: [], v: [] });
/** @returns {Series} */
const newSeries = () => ({
  iss: 0,
  tracks: Object.fromEntries(TRACKS.map((name) => [name, newTrack()])),
  segments: [],
  sacks: [],
});

/** The last of several values at one time counts. @param {Track} track @param {number} t_us @param {number} value */
function put(track, t_us, value) {
  if (track.t.at(-1) === t_us) track.v[track.v.length - 1] = value;
  else {
    track.t.push(t_us);
    track.v.push(value);
  }
}

/** Adds up what comes at one time. @param {Track} track @param {number} t_us @param {number} value */
const add = (track, t_us, value) => put(track, t_us, value + (track.t.at(-1) === t_us ? /** @type {number} */ (track.v.at(-1)) : 0));

/** @type {Record<string, (series: Series, event: LabEvent) => void>} */
const TAKE = {
  tcp_segment_sent(series, event) {
    const syn = event.flags & FLAG.SYN ? 1 : 0;
    if (syn && !event.retransmission) Object.assign(series, newSeries(), { iss: event.seq });
    const from = relativeTo(event.seq, series.iss);
    const to = from + event.payload_bytes + syn + (event.flags & FLAG.FIN ? 1 : 0);
    const { t_us, frame } = event;
    if (to > from) series.segments.push({ t_us, from, to, again: Boolean(event.retransmission), frame });
    add(series.tracks.sent, t_us, event.payload_bytes);
  },
  tcp_segment_received({ tracks, iss }, event) {
    if (!(event.flags & FLAG.ACK)) return;
    const ack = relativeTo(event.ack, iss);
    put(tracks.ack, event.t_us, Math.max(ack, tracks.ack.v.at(-1) ?? 0));
    put(tracks.edge, event.t_us, Math.max(ack + event.window_bytes, tracks.edge.v.at(-1) ?? 0));
    put(tracks.window, event.t_us, event.window_bytes);
  },
  tcp_send_window({ tracks }, event) {
    put(tracks.window, event.t_us, event.window_bytes);
  },
  tcp_congestion({ tracks }, event) {
    put(tracks.cwnd, event.t_us, event.cwnd_bytes);
    if (event.ssthresh_bytes !== NO_THRESHOLD) put(tracks.ssthresh, event.t_us, event.ssthresh_bytes);
    put(tracks.flight, event.t_us, event.in_flight_bytes);
  },
  tcp_acked({ tracks }, event) {
    put(tracks.flight, event.t_us, event.in_flight_bytes);
  },
  tcp_rtt_sample({ tracks }, event) {
    put(tracks.rtt, event.t_us, event.rtt_us);
    put(tracks.srtt, event.t_us, event.srtt_us);
    put(tracks.rto, event.t_us, event.rto_us);
  },
  tcp_received_in_order({ tracks }, event) {
    add(tracks.got, event.t_us, event.new_bytes);
  },
  tcp_sacked({ sacks, iss }, event) {
    const span = { from: relativeTo(event.from, iss), to: relativeTo(event.to, iss) };
    sacks.push({ t_us: event.t_us, ...span, again: false, frame: event.frame });
  },
};

export class RunSeries {
  constructor() {
    this.id = 0;
    /** @type {LabEvent | null} */
    this.last = null;
    /** @type {Map<string, Series>} */
    this.of = new Map();
    /** How many frames wait, by direction. */
    this.queues = [newTrack(), newTrack()];
    this.owners = new Owners();
  }

  /** Takes in what is new in a log; after another turn of it, all. @param {LabEvent[]} log */
  follow(log) {
    if (log.length < this.id || (this.last && log[this.id - 1] !== this.last)) Object.assign(this, new RunSeries());
    const at = (/** @type {number} */ id) => log[id - 1];
    for (; this.id < log.length; this.id++) this.#take(log[this.id], at);
    this.last = log.at(-1) ?? null;
  }

  /** @param {LabEvent} event @param {(id: number) => LabEvent | undefined} at */
  #take(event, at) {
    if (event.kind === 'frame_queued' || event.kind === 'frame_sent') {
      put(this.queues[event.direction], event.t_us, event.queue_frames);
    }
    const key = event.kind.startsWith('tcp_') ? this.owners.keyOf(event, at) : '';
    const take = TAKE[event.kind];
    if (!take || !key) return;
    let series = this.of.get(key);
    if (!series) this.of.set(key, (series = newSeries()));
    take(series, event);
  }
}

/**
 * Bytes as a rate: how much came in each stretch of time, per second.
 * @param {Track} track bytes as they came
 * @param {number} end_us @param {number} step_us
 * @returns {Track} values in bits per second, each at the end of its stretch
 */
export function rateOf(track, end_us, step_us) {
  const rate = newTrack();
  for (let i = 0, end = step_us; end <= end_us + step_us; end += step_us) {
    let sum = 0;
    for (; i < track.t.length && track.t[i] < end; i++) sum += track.v[i];
    rate.t.push(end);
    rate.v.push((sum * 8 * 1e6) / step_us);
  }
  return rate;
}

/** What a track says at a time: the last value before. @param {Track} track @param {number} t_us @returns {number | null} */
export function valueAt(track, t_us) {
  let low = 0;
  let high = track.t.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track.t[middle] <= t_us) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? track.v[low - 1] : null;
}

/** A stretch for rates: round, and about fifty of them in view. @param {number} span_us */
export function stretch(span_us) {
  const least = Math.max(1000, span_us / 50);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((us) => us >= least) ?? power * 10;
}

/**
 * What the tables show of a lab's description, in which order and in which form. The numbers are the stack's; here
 * they only get their place. Sequence numbers can be counted from each side's first.
 *
 * @typedef {'count' | 'bytes' | 'time' | 'send' | 'receive' | 'text'} Form send, receive: sequence numbers of that side
 * @typedef {{key: string, name: string, form: Form}} Item
 */
import { bytesText, timeText } from './format.js';
import { relativeTo } from './segment.js';

/** @param {string} key @param {string} name @param {Form} form @returns {Item} */
const item = (key, name, form) => ({ key, name, form });

/** A connection's block: names as RFC 9293 and Linux's TCP_INFO have them. @type {Record<string, Item[]>} */
export const TCB = {
  send: [
    item('iss', 'ISS', 'send'),
    item('snd_una', 'SND.UNA', 'send'),
    item('snd_nxt', 'SND.NXT', 'send'),
    item('snd_wnd_bytes', 'SND.WND', 'bytes'),
    item('not_sent_bytes', 'not sent', 'bytes'),
    item('unacked_bytes', 'in flight', 'bytes'),
    item('send_buffer_bytes', 'send buffer', 'bytes'),
    item('snd_mss', 'MSS', 'bytes'),
  ],
  receive: [
    item('irs', 'IRS', 'receive'),
    item('rcv_nxt', 'RCV.NXT', 'receive'),
    item('rcv_wnd_bytes', 'RCV.WND', 'bytes'),
    item('receive_queue_bytes', 'unread', 'bytes'),
    item('out_of_order_bytes', 'out of order', 'bytes'),
    item('receive_buffer_bytes', 'receive buffer', 'bytes'),
  ],
  congestion: [
    item('congestion', 'algorithm', 'text'),
    item('ca_state', 'phase', 'text'),
    item('snd_cwnd_bytes', 'cwnd', 'bytes'),
    item('snd_ssthresh_bytes', 'ssthresh', 'bytes'),
    item('dup_acks', 'duplicate ACKs', 'count'),
    item('lost_segments', 'taken for lost', 'count'),
    item('retransmitted_segments', 'sent again', 'count'),
  ],
  time: [
    item('rtt_us', 'SRTT', 'time'),
    item('rttvar_us', 'RTTVAR', 'time'),
    item('rtt_min_us', 'least RTT', 'time'),
    item('rto_us', 'RTO', 'time'),
    item('backoff', 'backoff', 'count'),
  ],
};

/** As good as none. */
const NO_THRESHOLD = 0xffffffff;

/**
 * One value as it stands in a table.
 * @param {Record<string, any>} tcp @param {Item} what @param {boolean} relative
 */
export function valueText(tcp, { key, form }, relative) {
  const value = tcp[key];
  if (value === null || value === undefined) return '–';
  if (key === 'snd_ssthresh_bytes' && value === NO_THRESHOLD) return '∞';
  if (form === 'bytes') return bytesText(value);
  if (form === 'time') return value === 0 ? '–' : timeText(value);
  if (form === 'send') return String(relative ? relativeTo(value, tcp.iss) : value);
  if (form === 'receive') return String(relative ? relativeTo(value, tcp.irs) : value);
  return String(value);
}

/** Timers that run, the next one first. @param {Record<string, number | null>} timers when each is due @returns {[string, number][]} */
export const running = (timers) =>
  /** @type {[string, number][]} */ (Object.entries(timers).filter(([, due_us]) => due_us !== null)).sort((a, b) => a[1] - b[1]);

/** A socket's state in a word: TCP's, or whether it is bound. @param {any} socket */
export const socketState = (socket) => socket.tcp?.state ?? (String(socket.local).endsWith(':0') ? 'UNBOUND' : 'BOUND');

/** An endpoint that is nobody's is a dash. @param {string} endpoint */
export const endpointText = (endpoint) => (/^(\[::\]|0\.0\.0\.0):0$/.test(endpoint) ? '–' : endpoint.replace('0.0.0.0:', '*:'));

/** Counters that have counted something, the rest left out. @param {Record<string, unknown>} counters @returns {[string, number][]} */
export const counted = (counters) =>
  /** @type {[string, number][]} */ (Object.entries(counters).filter(([, value]) => typeof value === 'number' && value > 0));

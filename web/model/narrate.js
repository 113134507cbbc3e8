/**
 * What just happened, as a message to be put into words. One event, one sentence; the words are in i18n/.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').Message} Message
 */
import { addressText, flagsText, macText, segmentKind } from './segment.js';

/** Results of calls that only say "not now": no news. */
const NOT_NOW = ['EAGAIN', 'EINPROGRESS', 'EALREADY'];

/**
 * @typedef {object} Words what a sentence may ask for beside the event
 * @property {(node: number) => string} nodeName
 * @property {(link: number, direction: number) => {from: string, to: string}} ends
 * @property {(link: number) => {link: string, links: number}} link its name, and how many there are
 * @property {(node: number, port: number) => string} beyond who is at the other end of a switch's port
 * @property {(frame: number) => import('./types.js').FrameRecord | undefined} frame
 */

/** @param {LabEvent} event */
const segmentWords = (event) => ({
  segment: flagsText(event.flags),
  bytes: event.payload_bytes,
  kind: segmentKind(/** @type {any} */ (event)),
});

/**
 * What to call a frame: what is in it.
 * @param {Words} words @param {number} id
 */
function frameWords(words, id) {
  const frame = words.frame(id);
  if (frame?.segment) return { what: flagsText(frame.segment.flags), bytes: frame.segment.payload_bytes };
  if (frame?.protocol === 'udp') return { what: 'UDP', bytes: frame.payload_bytes };
  return { what: (frame?.protocol ?? 'frame').toUpperCase(), bytes: 0 };
}

/** @param {LabEvent} event @param {Words} words */
function frameSentence(event, words) {
  return {
    id: `say-${event.kind.replaceAll('_', '-')}`,
    args: { ...words.ends(event.link, event.direction), ...frameWords(words, event.frame) },
  };
}

/**
 * A frame that leaves is what is in it; but one that is only passed on says nothing of its own.
 * @param {LabEvent} event @param {Words} words @returns {Message}
 */
function onTheWay(event, words) {
  const frame = words.frame(event.frame);
  const node = words.nodeName(event.node);
  if (frame?.forward_of) return frameSentence(event, words);
  if (frame?.segment) {
    const { flags, payload_bytes, seq, retransmission } = frame.segment;
    const kind = segmentKind(frame.segment);
    const id = retransmission ? 'say-segment-again' : `say-segment-${kind}`;
    return { id, args: { node, segment: flagsText(flags), bytes: payload_bytes, kind, seq } };
  }
  if (frame?.protocol === 'udp') return { id: 'say-udp-sent', args: { node, bytes: frame.payload_bytes } };
  return frameSentence(event, words);
}

/** What was read is what the call gave, and nothing is the stream's end; there `len_bytes` is only the room for it. @param {string} call */
const readsBytes = (call) => call === 'RECV' || call === 'RECVFROM';

/** @param {LabEvent} event @param {Words} words */
const rangeArgs = (event, words) => ({ node: words.nodeName(event.node), bytes: (event.to - event.from) >>> 0 });

/** What a switch does with an address, or with a frame at a port of its. @param {LabEvent} event @param {Words} words @returns {Message} */
const switchSentence = (event, words) => ({
  id: `say-${event.kind.replaceAll('_', '-')}`,
  args: {
    node: words.nodeName(event.node),
    port: words.beyond(event.node, event.out_port ?? event.iface),
    ...frameWords(words, event.frame),
    ...{ mac: macText(/** @type {any} */ (event)), moved: event.moved ?? 0, ports: event.ports ?? 0, reason: event.reason ?? '' },
  },
});

/** @param {LabEvent} event */
const failed = (event) => typeof event.result === 'number' && event.result < 0;

/** What people do that leaves nothing else to be told. */
const TOLD_ACTIONS = ['faults', 'drop_next', 'exactly', 'forge'];

/** The kinds that have a sentence, and what it mentions. @type {Record<string, (event: LabEvent, words: Words) => Message | null>} */
const SENTENCES = {
  action: (event, words) => ({
    id: `say-done-${event.action.replaceAll('_', '-')}`,
    args: { node: words.nodeName(event.node) },
  }),
  socket_call(event, words) {
    const args = {
      node: words.nodeName(event.node),
      call: `${event.call.toLowerCase()}()`,
      bytes: readsBytes(event.call) ? event.result : event.result || event.len_bytes,
      port: event.port,
      error: event.result_name ?? '',
    };
    return { id: failed(event) ? 'say-call-failed' : `say-call-${event.call.toLowerCase()}`, args };
  },
  tcp_segment_sent(event, words) {
    const again = event.retransmission ? 'again' : 'new';
    return { id: 'say-segment-made', args: { node: words.nodeName(event.node), ...segmentWords(event), again } };
  },
  tcp_state: (event, words) => ({
    id: event.remote_port === 0 ? 'say-state-listen' : 'say-state',
    args: { node: words.nodeName(event.node), from: event.from, to: event.to, port: event.local_port },
  }),
  tcp_discarded: (event, words) => ({
    id: 'say-tcp-discarded',
    args: { node: words.nodeName(event.node), segment: flagsText(event.flags), reason: event.reason },
  }),
  tcp_held_out_of_order: (event, words) => ({
    id: 'say-held',
    args: { node: words.nodeName(event.node), bytes: event.held_bytes },
  }),
  tcp_received_in_order: (event, words) => ({
    id: 'say-in-order',
    args: { node: words.nodeName(event.node), bytes: event.new_bytes },
  }),
  tcp_dup_ack: (event, words) => ({
    id: 'say-dup-ack',
    args: { node: words.nodeName(event.node), count: event.count },
  }),
  tcp_sacked: (event, words) => ({ id: 'say-sacked', args: rangeArgs(event, words) }),
  tcp_lost: (event, words) => ({ id: 'say-lost', args: rangeArgs(event, words) }),
  tcp_spurious: (event, words) => ({
    id: 'say-spurious',
    args: { node: words.nodeName(event.node), evidence: event.evidence },
  }),
  tcp_timer_fired: (event, words) => ({
    id: 'say-timer-fired',
    args: { node: words.nodeName(event.node), timer: event.timer },
  }),
  udp_sent: (event, words) => ({
    id: 'say-udp-made',
    args: { node: words.nodeName(event.node), bytes: event.payload_bytes },
  }),
  udp_received: (event, words) => ({
    id: 'say-udp-received',
    args: { node: words.nodeName(event.node), bytes: event.payload_bytes },
  }),
  arp_asked: (event, words) => ({
    id: 'say-arp-asked',
    args: { node: words.nodeName(event.node), address: addressText(event.addr) },
  }),
  arp_answered: (event, words) => ({ id: 'say-arp-answered', args: { node: words.nodeName(event.node) } }),
  arp_learned: (event, words) => ({
    id: 'say-arp-learned',
    args: { node: words.nodeName(event.node), address: addressText(event.addr) },
  }),
  arp_failed: (event, words) => ({
    id: 'say-arp-failed',
    args: { node: words.nodeName(event.node), address: addressText(event.addr) },
  }),
  switch_learned: switchSentence,
  switch_forgot: switchSentence,
  switch_forwarded: switchSentence,
  switch_flooded: switchSentence,
  switch_filtered: switchSentence,
  icmp_sent: (event, words) => ({ id: 'say-icmp-sent', args: { node: words.nodeName(event.node), type: event.type } }),
  icmp_received: (event, words) => ({
    id: 'say-icmp-received',
    args: { node: words.nodeName(event.node), type: event.type },
  }),
  ping_reply: (event, words) => ({
    id: 'say-ping-reply',
    args: { node: words.nodeName(event.node), ms: event.rtt_us / 1000 },
  }),
  header_added: (event, words) => ({
    id: 'say-header-added',
    args: {
      node: words.nodeName(event.node),
      protocol: event.protocol,
      bytes: event.header_bytes,
      total: event.total_bytes,
    },
  }),
  header_removed: (event, words) => ({
    id: 'say-header-removed',
    args: { node: words.nodeName(event.node), protocol: event.protocol, bytes: event.header_bytes },
  }),
  checksum_checked: (event, words) => ({
    id: 'say-checksum-bad',
    args: { node: words.nodeName(event.node), protocol: event.protocol },
  }),
  packet_dropped: (event, words) => ({
    id: 'say-packet-dropped',
    args: { node: words.nodeName(event.node), protocol: event.protocol, reason: event.reason },
  }),
  frame_sent: onTheWay,
  frame_delivered: frameSentence,
  frame_lost: (event, words) => {
    const message = frameSentence(event, words);
    return { ...message, args: { ...message.args, reason: event.reason } };
  },
  frame_corrupted: frameSentence,
  frame_duplicated: frameSentence,
  frame_delayed: frameSentence,
  frame_marked: frameSentence,
  link_changed: (event, words) => ({ id: event.up ? 'say-link-changed' : 'say-link-down', args: words.link(event.link) }),
};

/** Every kind that can have a sentence. */
export const SAID_KINDS = Object.keys(SENTENCES);

/** Does this event have something to say? @param {LabEvent} event */
export function hasSentence(event) {
  if (!(event.kind in SENTENCES)) return false;
  if (event.kind === 'action') return TOLD_ACTIONS.includes(event.action);
  if (event.kind === 'checksum_checked') return !event.good;
  if (event.kind === 'socket_call')
    {return !(failed(event) && NOT_NOW.includes(event.result_name) && event.call !== 'CONNECT');}
  return true;
}

/**
 * The sentence of an event.
 * @param {LabEvent} event
 * @param {Words} words
 * @returns {Message | null}
 */
export function sentence(event, words) {
  if (!hasSentence(event)) return null;
  if (event.kind === 'socket_call' && event.call === 'CONNECT' && NOT_NOW.includes(event.result_name)) {
    return {
      id: 'say-call-connect',
      args: { node: words.nodeName(event.node), call: event.call, bytes: 0, port: event.port, error: '' },
    };
  }
  return SENTENCES[event.kind](event, words);
}

/**
 * Worth saying aloud: what a listener would want to follow, without every header.
 * @param {LabEvent} event
 */
export function isSpoken(event) {
  return !event.kind.startsWith('header_') && hasSentence(event);
}

/** The message of a rule: its key in both languages. @param {string} rule "TCP_LISTEN_SYN" */
export const ruleMessage = (rule) => `rule-${rule.toLowerCase().replaceAll('_', '-')}`;

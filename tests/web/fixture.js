/**
 * Runs made by hand, for the model: events as the engine gives them, with only the fields a test is about. Ids and
 * causes are filled in. Never shipped; what the page shows comes from the stack.
 */

/**
 * @param {Record<string, any>[]} events
 * @returns {any[]}
 */
export const log = (events) =>
  events.map((event, i) => ({
    id: i + 1,
    cause: i,
    t_us: 0,
    layer: 'transport',
    rule: null,
    node: 0,
    iface: 0,
    frame: 0,
    socket: 0,
    ...event,
  }));

const CLIENT = 0x0a000001;
const SERVER = 0x0a000002;
const PORTS = { local_port: 49152, remote_port: 80, remote_addr: SERVER };
const PORTS_BACK = { local_port: 80, remote_port: 49152, remote_addr: CLIENT };
const SENT = { kind: 'tcp_segment_sent', payload_bytes: 0, window_bytes: 65535, retransmission: 0, ack: 0 };
const OUT = { ...SENT, src_port: 49152, dst_port: 80, dst_addr: SERVER };
const BACK = { ...SENT, node: 1, src_port: 80, dst_port: 49152, dst_addr: CLIENT };

/** What a SYN looks like on its way down and out. @param {number} frame @param {number} t_us */
const leaving = (frame, t_us, node = 0) => [
  { kind: 'header_added', node, frame, t_us, protocol: 'tcp', header_bytes: 40, total_bytes: 40 },
  { kind: 'header_added', node, frame, t_us, protocol: 'ipv4', header_bytes: 20, total_bytes: 60 },
  { kind: 'header_added', node, frame, t_us, protocol: 'ethernet', header_bytes: 14, total_bytes: 78 },
  { kind: 'frame_queued', layer: 'link', node, frame, t_us, link: 0, direction: node, queue_frames: 0, len_bytes: 78 },
  {
    kind: 'frame_sent',
    layer: 'link',
    node,
    frame,
    t_us,
    link: 0,
    direction: node,
    len_bytes: 78,
    sent_us: t_us + 50,
    arrival_us: t_us + 20_050,
  },
];
/** @param {number} frame @param {number} t_us @param {number} node who gets it */
const arriving = (frame, t_us, node) => [
  { kind: 'frame_delivered', layer: 'link', node, frame, t_us, link: 0, direction: 1 - node, len_bytes: 78 },
];

/** A listener, connect(), SYN, SYN+ACK, ACK: both ESTABLISHED at 60,150 µs. */
export const HANDSHAKE = log([
  {
    kind: 'tcp_state',
    node: 1,
    socket: 1,
    from: 'CLOSED',
    to: 'LISTEN',
    local_port: 80,
    remote_port: 0,
    remote_addr: 0,
  },
  { kind: 'action', layer: 'lab', action: 'connect' },
  {
    kind: 'socket_call',
    layer: 'socket',
    socket: 1,
    call: 'CONNECT',
    type: 'tcp',
    port: 80,
    len_bytes: 0,
    result: -115,
    result_name: 'EINPROGRESS',
  },
  { kind: 'tcp_state', socket: 1, from: 'CLOSED', to: 'SYN_SENT', ...PORTS },
  { ...OUT, frame: 1, flags: 2, seq: 1000, rule: 'TCP_ACTIVE_OPEN' },
  ...leaving(1, 0),
  { kind: 'tcp_timer_armed', socket: 1, timer: 'RETRANSMIT', backoff: 0, due_us: 1_000_000 },
  ...arriving(1, 20_050, 1),
  {
    kind: 'tcp_segment_received',
    node: 1,
    frame: 1,
    t_us: 20_050,
    flags: 2,
    seq: 1000,
    ack: 0,
    payload_bytes: 0,
    src_port: 49152,
    dst_port: 80,
    src_addr: CLIENT,
  },
  { kind: 'tcp_state', node: 1, t_us: 20_050, from: 'LISTEN', to: 'SYN_RCVD', ...PORTS_BACK },
  { ...BACK, frame: 2, t_us: 20_050, flags: 18, seq: 5000, ack: 1001, rule: 'TCP_LISTEN_SYN' },
  ...leaving(2, 20_050, 1),
  ...arriving(2, 40_100, 0),
  {
    kind: 'tcp_segment_received',
    frame: 2,
    t_us: 40_100,
    flags: 18,
    seq: 5000,
    ack: 1001,
    payload_bytes: 0,
    src_port: 80,
    dst_port: 49152,
    src_addr: SERVER,
  },
  { kind: 'tcp_timer_stopped', t_us: 40_100, socket: 1, timer: 'RETRANSMIT' },
  { kind: 'tcp_state', t_us: 40_100, socket: 1, from: 'SYN_SENT', to: 'ESTABLISHED', ...PORTS },
  { ...OUT, frame: 3, t_us: 40_100, flags: 16, seq: 1001, ack: 5001, rule: 'TCP_SYN_SENT_ACK' },
  ...leaving(3, 40_100),
  ...arriving(3, 60_150, 1),
  { kind: 'tcp_state', node: 1, t_us: 60_150, from: 'SYN_RCVD', to: 'ESTABLISHED', ...PORTS_BACK },
  {
    kind: 'socket_call',
    layer: 'socket',
    node: 1,
    t_us: 60_150,
    socket: 1,
    call: 'ACCEPT',
    type: 'tcp',
    port: 49152,
    len_bytes: 0,
    result: 3,
    result_name: null,
  },
]);

/**
 * An engine that plays events back and can do nothing else: for the timeline's tests.
 * @param {any[]} events
 */
export function playback(events) {
  let shown = 0;
  const engine = {
    now_us: 0,
    get next_us() {
      return events[shown]?.t_us ?? null;
    },
    /** @param {number} t_us @param {{maxEvents?: number}} [options] */
    runUntil(t_us, { maxEvents = Infinity } = {}) {
      let done = 0;
      while (shown < events.length && events[shown].t_us <= t_us && done < maxEvents) {
        engine.now_us = events[shown].t_us;
        shown++;
        done++;
      }
      if (done < maxEvents) engine.now_us = t_us;
      return done;
    },
    get lastEvent() {
      return shown;
    },
    events: (after = 0) => events.slice(after, shown),
    /** @param {number} t_us */
    seek(t_us) {
      shown = events.filter((event) => event.t_us <= t_us).length;
      engine.now_us = t_us;
    },
    branch: () => events.splice(shown),
    /** @param {any} event */
    add(event) {
      events.push({ ...log([event])[0], id: events.length + 1, t_us: engine.now_us });
      shown = events.length;
    },
  };
  return engine;
}

/**
 * The run as a drawing needs it: frames with their fates, states as bands, calls, timers as brackets. It only
 * grows; when a run is taken back in time and continued differently, a new record is made of the events that stay.
 *
 * Everything has the ids of the events it comes from, so that a view can tell past from future at any cursor.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 * @typedef {import('./types.js').Layer} Layer
 */
import { FLAG, addressText, relativeTo } from './segment.js';

/** Where a protocol's header belongs. @type {Record<string, Layer>} */
export const LAYER_OF = {
  ethernet: 'link',
  arp: 'link',
  ipv4: 'internet',
  ipv6: 'internet',
  icmp: 'internet',
  icmpv6: 'internet',
  udp: 'transport',
  tcp: 'transport',
  payload: 'application',
};

const ICMP_TYPES = /** @type {Record<number, string>} */ ({
  0: 'echo reply',
  3: 'unreachable',
  8: 'echo',
  11: 'time exceeded',
});

/** @param {number} node @param {number} local @param {number} remote @param {number} address */
export const connectionKey = (node, local, remote, address) => `${node} ${local} ${remote} ${address}`;

/** @param {number} frame @param {LabEvent} event @returns {FrameRecord} */
function newFrame(frame, event) {
  return {
    frame,
    node: event.node,
    born_id: event.id,
    born_us: event.t_us,
    protocol: '',
    detail: '',
    segment: null,
    payload_bytes: 0,
    rule: null,
    cause_id: 0,
    stripes: [],
    link: 0,
    direction: 0,
    len_bytes: 0,
    queued_us: null,
    sent_us: null,
    sent_id: 0,
    arrival_us: null,
    delivered_us: null,
    delivered_id: 0,
    lost_us: null,
    lost_id: 0,
    reason: '',
    discarded_id: 0,
    corrupted: false,
    delayed: false,
    copy_of: 0,
  };
}

export class RunRecord {
  constructor() {
    /** @type {FrameRecord[]} in the order in which they were first named */
    this.frames = [];
    /** @type {Map<number, FrameRecord>} */
    this.by_frame = new Map();
    /** @type {import('./types.js').Band[]} */
    this.bands = [];
    /** @type {import('./types.js').Call[]} */
    this.calls = [];
    /** @type {import('./types.js').TimerSpan[]} */
    this.timers = [];
    /** Each step of each connection from state to state. @type {import('./types.js').Transition[]} */
    this.transitions = [];
    /** Ports that were opened. @type {{id: number, node: number, port: number}[]} */
    this.listens = [];
    /** First sequence numbers: own and the peer's. @type {Map<string, {iss?: number, irs?: number}>} */
    this.firsts = new Map();
    /** Open bands by connection. @type {Map<string, import('./types.js').Band>} */
    this.open = new Map();
    this.end_us = 0;
  }

  /** @param {LabEvent} event */
  add(event) {
    this.end_us = Math.max(this.end_us, event.t_us);
    const take = /** @type {Record<string, (event: LabEvent) => void>} */ (/** @type {unknown} */ (TAKE))[event.kind];
    take?.call(this, event);
  }

  /** @param {LabEvent} event @returns {FrameRecord} */
  frameOf(event) {
    let frame = this.by_frame.get(event.frame);
    if (!frame) {
      frame = newFrame(event.frame, event);
      this.frames.push(frame);
      this.by_frame.set(event.frame, frame);
    }
    return frame;
  }

  /** @param {string} key */
  firstsOf(key) {
    let firsts = this.firsts.get(key);
    if (!firsts) this.firsts.set(key, (firsts = {}));
    return firsts;
  }

  /** The lane beside the lifeline: the first that no other connection's band holds. @param {number} node @param {string} key */
  laneOf(node, key) {
    const taken = [...this.open.values()]
      .filter((band) => band.node === node && band.key !== key)
      .map((band) => band.lane);
    let lane = 0;
    while (taken.includes(lane)) lane++;
    return lane;
  }
}

/** What each kind of event adds. @type {Record<string, (this: RunRecord, event: LabEvent) => void>} */
const TAKE = {
  tcp_segment_sent(event) {
    const key = connectionKey(event.node, event.src_port, event.dst_port, event.dst_addr);
    const firsts = this.firstsOf(key);
    if (event.flags & FLAG.SYN && !event.retransmission) {
      firsts.iss = event.seq;
      if (!(event.flags & FLAG.ACK)) delete firsts.irs;
    }
    const segment = {
      flags: event.flags,
      seq: event.seq,
      ack: event.ack,
      payload_bytes: event.payload_bytes,
      window_bytes: event.window_bytes,
      src_port: event.src_port,
      dst_port: event.dst_port,
      retransmission: Boolean(event.retransmission),
      relative: { seq: relativeTo(event.seq, firsts.iss), ack: relativeTo(event.ack, firsts.irs) },
    };
    Object.assign(this.frameOf(event), { protocol: 'tcp', segment, rule: event.rule, cause_id: event.id });
  },
  tcp_segment_received(event) {
    if (event.flags & FLAG.SYN) {
      this.firstsOf(connectionKey(event.node, event.dst_port, event.src_port, event.src_addr)).irs = event.seq;
    }
  },
  udp_sent(event) {
    const more = { protocol: 'udp', payload_bytes: event.payload_bytes, rule: event.rule, cause_id: event.id };
    Object.assign(this.frameOf(event), more);
  },
  icmp_sent(event) {
    const detail = `ICMP ${ICMP_TYPES[event.type] ?? event.type}`;
    Object.assign(this.frameOf(event), { protocol: 'icmp', detail, rule: event.rule, cause_id: event.id });
  },
  arp_asked(event) {
    const detail = `ARP ${addressText(event.addr)}?`;
    Object.assign(this.frameOf(event), { protocol: 'arp', detail, rule: event.rule, cause_id: event.id });
  },
  arp_answered(event) {
    const detail = 'ARP reply';
    Object.assign(this.frameOf(event), { protocol: 'arp', detail, rule: event.rule, cause_id: event.id });
  },
  header_added(event) {
    const frame = this.frameOf(event);
    const layer = LAYER_OF[event.protocol] ?? 'link';
    const inside = frame.stripes.reduce((sum, stripe) => sum + stripe.bytes, 0);
    const payload = event.total_bytes - event.header_bytes - inside;
    if (frame.stripes.length === 0 && payload > 0)
      {frame.stripes.push({ layer: 'application', protocol: 'payload', bytes: payload });}
    frame.stripes.unshift({ layer, protocol: event.protocol, bytes: event.header_bytes });
    frame.len_bytes = event.total_bytes;
    if (!frame.protocol) frame.protocol = event.protocol;
  },
  frame_queued(event) {
    const frame = this.frameOf(event);
    Object.assign(frame, {
      link: event.link,
      direction: event.direction,
      len_bytes: event.len_bytes,
      queued_us: event.t_us,
    });
  },
  frame_sent(event) {
    // It leaves with its first bit, now, and arrives with its last.
    const { link, direction, len_bytes, arrival_us } = event;
    Object.assign(this.frameOf(event), {
      link,
      direction,
      len_bytes,
      arrival_us,
      sent_us: event.t_us,
      sent_id: event.id,
    });
  },
  frame_delivered(event) {
    Object.assign(this.frameOf(event), { delivered_us: event.t_us, delivered_id: event.id, arrival_us: event.t_us });
  },
  frame_lost(event) {
    const { link, direction, len_bytes, reason } = event;
    Object.assign(this.frameOf(event), { link, direction, len_bytes, reason, lost_us: event.t_us, lost_id: event.id });
  },
  packet_dropped(event) {
    const frame = this.by_frame.get(event.frame);
    if (frame && frame.delivered_id) Object.assign(frame, { discarded_id: event.id, reason: event.reason });
  },
  frame_corrupted(event) {
    this.frameOf(event).corrupted = true;
  },
  frame_delayed(event) {
    const frame = this.frameOf(event);
    frame.delayed = true;
    // When it is the link that delays (reordering), the arrival told on sending has it already.
    if (frame.arrival_us !== null && event.cause !== frame.sent_id) frame.arrival_us += event.extra_us;
  },
  frame_duplicated(event) {
    const original = this.frameOf(event);
    const copy = this.frameOf({ ...event, frame: event.copy_frame });
    const { node, protocol, detail, segment, payload_bytes, rule, stripes, link, direction, len_bytes, sent_us } =
      original;
    Object.assign(copy, { node, protocol, detail, segment, payload_bytes, rule, stripes, link, direction, len_bytes });
    Object.assign(copy, { copy_of: original.frame, cause_id: event.id });
    if (copy.sent_us === null) copy.sent_us = sent_us;
  },
  tcp_state(event) {
    const { id, t_us, node, cause, from, to, local_port, remote_port, remote_addr } = event;
    const own = connectionKey(node, local_port, remote_port, remote_addr);
    this.transitions.push({ id, t_us, node, key: own, cause, from, to, local_port, remote_port });
    if (event.remote_port === 0) {
      if (event.to === 'LISTEN') this.listens.push({ id: event.id, node: event.node, port: event.local_port });
      return;
    }
    const key = connectionKey(event.node, event.local_port, event.remote_port, event.remote_addr);
    const before = this.open.get(key);
    if (before) Object.assign(before, { to_us: event.t_us, to_id: event.id });
    this.open.delete(key);
    if (event.to === 'CLOSED') return;
    const lane = before?.lane ?? this.laneOf(event.node, key);
    const band = {
      node: event.node,
      key,
      lane,
      state: event.to,
      from_us: event.t_us,
      from_id: event.id,
      to_us: null,
      to_id: 0,
    };
    this.open.set(key, band);
    this.bands.push(band);
  },
  socket_call(event) {
    const { id, t_us, node, socket, call, result, len_bytes } = event;
    this.calls.push({ id, t_us, node, socket, call, result, len_bytes });
  },
  tcp_timer_armed(event) {
    endTimer(this, event, false);
    const { id, node, socket, timer, due_us } = event;
    this.timers.push({ id, node, socket, timer, from_us: event.t_us, due_us, to_us: null, to_id: 0, fired: false });
  },
  tcp_timer_fired(event) {
    endTimer(this, event, true);
  },
  tcp_timer_stopped(event) {
    endTimer(this, event, false);
  },
};

/** @param {RunRecord} record @param {LabEvent} event @param {boolean} fired */
function endTimer(record, event, fired) {
  for (let i = record.timers.length - 1; i >= 0; i--) {
    const span = record.timers[i];
    if (span.node !== event.node || span.socket !== event.socket || span.timer !== event.timer) continue;
    if (span.to_us === null) Object.assign(span, { to_us: event.t_us, to_id: event.id, fired });
    return;
  }
}

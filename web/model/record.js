/**
 * The run as a drawing needs it: frames with their fates, states as bands, calls, timers as brackets. It grows with
 * each event; when a run is taken back in time and continued differently, it forgets what will not have happened.
 * That looks only at what was going on then, so it costs the same in a long run as in a short one.
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
    last_id: event.id,
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
    forward_of: 0,
  };
}

/** @typedef {{iss?: number, irs?: number}} Firsts a connection's first sequence numbers: own and the peer's */

export class RunRecord {
  constructor() {
    /** What switches took to pass on, in the order of events. @type {{id: number, frame: number}[]} */
    this.relays = [];
    /** @type {FrameRecord[]} in the order in which they were first named */
    this.frames = [];
    /** @type {Map<number, FrameRecord>} */
    this.by_frame = new Map();
    /** @type {import('./types.js').Band[]} */
    this.bands = [];
    /** @type {import('./types.js').Call[]} */
    this.calls = [];
    /** What recv() has given so far, by node and socket, in the order of events. @type {Map<string, {id: number, total_bytes: number}[]>} */
    this.reads = new Map();
    /** Datagrams by what was done with them and the node: 'sent 0', 'received 1'. @type {Map<string, import('./types.js').DatagramNote[]>} */
    this.datagrams = new Map();
    /** Those that a node has got, each once: node and frame. @type {Set<string>} */
    this.got = new Set();
    /** @type {import('./types.js').TimerSpan[]} */
    this.timers = [];
    /** Each step of each connection from state to state. @type {import('./types.js').Transition[]} */
    this.transitions = [];
    /** Ports that were opened. @type {{id: number, node: number, port: number}[]} */
    this.listens = [];
    /** @type {Map<string, Firsts>} */
    this.firsts = new Map();
    /** What they were before each change. @type {{id: number, key: string, before: Firsts}[]} */
    this.first_changes = [];
    /** Open bands by connection. @type {Map<string, import('./types.js').Band>} */
    this.open = new Map();
    /** Timers that run. @type {Map<string, import('./types.js').TimerSpan>} */
    this.running = new Map();
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
      this.#relay(frame, event);
    }
    frame.last_id = event.id;
    return frame;
  }

  /** What a switch sends is what it got, as it was. @param {FrameRecord} frame @param {LabEvent} event that is the first to name it */
  #relay(frame, { cause, rule }) {
    const relay = this.relays.findLast(({ id }) => id <= cause);
    const given = relay?.id === cause && this.by_frame.get(relay.frame);
    if (!given) return;
    const { protocol, detail, segment, payload_bytes, stripes } = given;
    Object.assign(frame, { protocol, detail, segment, payload_bytes, stripes, rule, forward_of: given.frame, cause_id: cause });
  }

  /** @param {string} key */
  firstsOf(key) {
    let firsts = this.firsts.get(key);
    if (!firsts) this.firsts.set(key, (firsts = {}));
    return firsts;
  }

  /** @param {number} id of the event that tells @param {string} key @param {Firsts} news */
  setFirsts(id, key, news) {
    this.first_changes.push({ id, key, before: this.firstsOf(key) });
    this.firsts.set(key, news);
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

  /** How many bytes recv() had given on a socket until an event. @param {number} node @param {number} socket @param {number} id */
  readUntil(node, socket, id) {
    const reads = this.reads.get(`${node} ${socket}`) ?? [];
    return reads[upTo(reads, id) - 1]?.total_bytes ?? 0;
  }

  /** Forgets what came after the last of these events, which are all that there are now. @param {LabEvent[]} log */
  forget(log) {
    const keep = log.length;
    this.end_us = log.at(-1)?.t_us ?? 0;
    for (const list of [this.relays, this.calls, this.transitions, this.listens, ...this.reads.values()]) list.length = upTo(list, keep);
    for (const [key, notes] of this.datagrams) this.#forgetDatagrams(key, notes, keep);
    this.#forgetFrames(log);
    while ((this.first_changes.at(-1)?.id ?? 0) > keep) undo(this.firsts, /** @type {any} */ (this.first_changes.pop()));
    this.timers.length = upTo(this.timers, keep);
    for (const span of this.timers) if (span.to_id > keep) Object.assign(span, { to_us: null, to_id: 0, fired: false });
    this.running = new Map(this.timers.filter((span) => span.to_id === 0).map((span) => [span.key, span]));
    this.bands = this.bands.filter((band) => band.from_id <= keep);
    for (const band of this.bands) if (band.to_id > keep) Object.assign(band, { to_us: null, to_id: 0 });
    this.open = new Map(this.bands.filter((band) => band.to_us === null).map((band) => [band.key, band]));
  }

  /** @param {string} key @param {import('./types.js').DatagramNote[]} notes @param {number} keep */
  #forgetDatagrams(key, notes, keep) {
    for (const left = upTo(notes, keep); notes.length > left; ) {
      const { original, extra } = /** @type {import('./types.js').DatagramNote} */ (notes.pop());
      if (extra === (notes.at(-1)?.extra ?? 0)) this.got.delete(`${key} ${original}`); // it was the first
    }
    if (notes.length === 0) this.datagrams.delete(key);
  }

  /** @param {'sent' | 'received'} way @param {LabEvent} event */
  noteDatagram(way, { id, node, frame, payload_bytes }) {
    const key = `${way} ${node}`;
    let notes = this.datagrams.get(key);
    if (!notes) this.datagrams.set(key, (notes = []));
    const { count = 0, bytes = 0, extra = 0 } = notes.at(-1) ?? {};
    const original = this.by_frame.get(frame)?.copy_of || frame;
    const isExtra = way === 'received' && this.got.has(`${key} ${original}`);
    if (way === 'received') this.got.add(`${key} ${original}`);
    notes.push(isExtra ? { id, frame, original, count, bytes, extra: extra + 1 } : { id, frame, original, count: count + 1, bytes: bytes + payload_bytes, extra });
  }

  /** The first event that a frame is made of: copies and what routers pass on are made of others. @param {FrameRecord} frame @returns {number} */
  #rootOf({ born_id, copy_of, forward_of }) {
    const other = this.by_frame.get(copy_of || forward_of);
    return other ? Math.min(born_id, this.#rootOf(other)) : born_id;
  }

  /** Frames to which something happened later are made anew, of the events since the first of them. @param {LabEvent[]} log */
  #forgetFrames(log) {
    const keep = log.length;
    while ((this.frames.at(-1)?.born_id ?? 0) > keep) this.by_frame.delete(/** @type {FrameRecord} */ (this.frames.pop()).frame);
    const changed = this.frames.filter(({ last_id }) => last_id > keep);
    const from = Math.min(keep + 1, ...changed.map((frame) => this.#rootOf(frame)));
    const again = new RunRecord();
    again.firsts = new Map(this.firsts);
    for (const change of this.first_changes.filter(({ id }) => id >= from).reverse()) undo(again.firsts, change);
    for (let id = from; id <= keep; id++) again.add(log[id - 1]);
    for (const { frame } of changed) {
      const fresh = /** @type {FrameRecord} */ (again.by_frame.get(frame));
      this.frames[this.frames.findLastIndex((each) => each.frame === frame)] = fresh;
      this.by_frame.set(frame, fresh);
    }
  }
}

/** How many of a list, which is in the order of events, are of events up to one. @param {{id: number}[]} list @param {number} id */
function upTo(list, id) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].id <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Map<string, Firsts>} firsts @param {{key: string, before: Firsts}} change */
const undo = (firsts, { key, before }) => firsts.set(key, before);

/** A timer of a connection: its socket's number may be another one's by the time it runs out. @param {LabEvent} event */
export const timerKey = ({ node, local_port, remote_port, remote_addr, timer }) => `${connectionKey(node, local_port, remote_port, remote_addr)} ${timer}`;

/** What each kind of event adds. @type {Record<string, (this: RunRecord, event: LabEvent) => void>} */
const TAKE = {
  tcp_segment_sent(event) {
    const key = connectionKey(event.node, event.src_port, event.dst_port, event.dst_addr);
    if (event.flags & FLAG.SYN && !event.retransmission) {
      const { irs } = this.firstsOf(key);
      this.setFirsts(event.id, key, event.flags & FLAG.ACK ? { iss: event.seq, irs } : { iss: event.seq });
    }
    const firsts = this.firstsOf(key);
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
      const key = connectionKey(event.node, event.dst_port, event.src_port, event.src_addr);
      this.setFirsts(event.id, key, { ...this.firstsOf(key), irs: event.seq });
    }
  },
  udp_sent(event) {
    this.noteDatagram('sent', event);
    const more = { protocol: 'udp', payload_bytes: event.payload_bytes, rule: event.rule, cause_id: event.id };
    Object.assign(this.frameOf(event), more);
  },
  udp_received(event) {
    this.noteDatagram('received', event);
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
    const { link, direction, len_bytes, t_us } = event;
    Object.assign(this.frameOf(event), { link, direction, len_bytes, queued_us: t_us });
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
  packet_forwarded(event) {
    const given = this.frames.findLast((frame) => frame.delivered_id === event.cause);
    if (!given) return;
    const { protocol, detail, segment, payload_bytes, stripes } = given;
    const inner = stripes.filter(({ layer }) => layer !== 'link');
    const more = { protocol, detail, segment, payload_bytes, stripes: inner, forward_of: given.frame, cause_id: event.id };
    Object.assign(this.frameOf(event), more);
  },
  switch_flooded: noteRelay,
  switch_forwarded: noteRelay,
  packet_dropped(event) {
    const frame = this.by_frame.get(event.frame);
    if (frame && frame.delivered_id) Object.assign(this.frameOf(event), { discarded_id: event.id, reason: event.reason });
  },
  frame_corrupted(event) {
    this.frameOf(event).corrupted = true;
  },
  frame_delayed(event) {
    const frame = this.frameOf(event);
    frame.delayed = true;
    // When it is the link that delays (reordering), the arrival told on sending has it already.
    if (frame.arrival_us !== null && event.cause !== frame.sent_id) Object.assign(frame, { arrival_us: frame.arrival_us + event.extra_us });
  },
  frame_duplicated(event) {
    const original = this.frameOf(event);
    const copy = this.frameOf({ ...event, frame: event.copy_frame });
    const { node, protocol, detail, segment, payload_bytes, rule, stripes, link, direction, len_bytes, sent_us } =
      original;
    Object.assign(copy, { node, protocol, detail, segment, payload_bytes, rule, stripes, link, direction, len_bytes });
    Object.assign(copy, { copy_of: original.frame, cause_id: event.id });
    Object.assign(copy, { sent_us: copy.sent_us ?? sent_us });
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
    if (call !== 'RECV' || result <= 0) return;
    const reads = this.reads.get(`${node} ${socket}`) ?? [];
    if (reads.length === 0) this.reads.set(`${node} ${socket}`, reads);
    reads.push({ id, total_bytes: (reads.at(-1)?.total_bytes ?? 0) + result });
  },
  tcp_timer_armed(event) {
    endTimer(this, event, false);
    const { id, node, timer, due_us } = event;
    const span = { id, node, key: timerKey(event), timer, from_us: event.t_us, due_us, to_us: null, to_id: 0, fired: false };
    this.timers.push(span);
    this.running.set(span.key, span);
  },
  tcp_timer_fired(event) {
    endTimer(this, event, true);
  },
  tcp_timer_stopped(event) {
    endTimer(this, event, false);
  },
};

/** @this {RunRecord} @param {LabEvent} event */
function noteRelay({ id, frame }) {
  this.relays.push({ id, frame });
}

/** @param {RunRecord} record @param {LabEvent} event @param {boolean} fired */
function endTimer(record, event, fired) {
  const key = timerKey(event);
  const span = record.running.get(key);
  if (span) Object.assign(span, { to_us: event.t_us, to_id: event.id, fired });
  record.running.delete(key);
}

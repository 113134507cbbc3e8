/**
 * The run by time: what a drawing that shows a part of it asks for, without going through all of it. It follows the same events as
 * the record (record.js), behind it, and holds the same frames and states, in lists that are searched by halves.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 * @typedef {import('./types.js').Band} Band
 * @typedef {import('./types.js').TimerSpan} TimerSpan
 * @typedef {{all: TimeList, again: TimeList, lost: TimeList}} Traffic one way over a link: when frames left, were sent again, were lost
 */
import { Activity } from './activity.js';
import { Notes } from './notes.js';
import { connectionKey, timerKey } from './record.js';
import { isSetup } from './select.js';
import { joinSpans } from './spans.js';
import { SpanIndex, TimeList, firstNot } from './time-index.js';

/** Calls that found nothing to do are no news. @param {LabEvent} event */
const isNews = ({ call, result }) => !isSetup(call) && (result >= 0 || call === 'CONNECT');

export class RunIndex {
  /** @param {import('./record.js').RunRecord} record */
  constructor(record) {
    this.record = record;
    /** When something happens. */
    this.activity = new Activity();
    /** Frames where they are drawn: from leaving to arriving. @type {SpanIndex<FrameRecord>} */
    this.ways = new SpanIndex();
    /** Where each is in `ways`. @type {Map<number, number>} */
    this.places = new Map();
    /** By link and direction. @type {Map<string, Traffic>} */
    this.traffic = new Map();
    /** States, each as long as it lasts. @type {SpanIndex<Band>} */
    this.lasting = new SpanIndex();
    /** Where those are that last. @type {Map<string, number>} */
    this.open = new Map();
    /** Timers that ran out. @type {SpanIndex<TimerSpan>} */
    this.fired = new SpanIndex();
    /** @type {Map<string, TimerSpan>} */
    this.armed = new Map();
    /** By node. @type {Notes[]} */
    this.notes = [];
    /** When something happened in a layer: each moment once. @type {Map<string, TimeList>} */
    this.moments = new Map();
  }

  /** @param {LabEvent} event */
  add(event) {
    const { id, layer, t_us } = event;
    let moments = this.moments.get(layer);
    if (!moments) this.moments.set(layer, (moments = new TimeList()));
    if (moments.length === 0 || moments.times[moments.length - 1] < t_us) moments.add(t_us, id);
    const take = /** @type {Record<string, (event: LabEvent) => void>} */ (/** @type {unknown} */ (TAKE))[event.kind];
    take?.call(this, event);
  }

  /** @param {number} node */
  notesOf(node) {
    return (this.notes[node] ??= new Notes());
  }

  /** @param {number} link @param {number} direction @returns {Traffic} */
  trafficOf(link, direction) {
    const key = `${link} ${direction}`;
    let traffic = this.traffic.get(key);
    if (!traffic) this.traffic.set(key, (traffic = { all: new TimeList(), again: new TimeList(), lost: new TimeList() }));
    return traffic;
  }

  /** A frame has news of where it is drawn. @param {number} number @param {LabEvent} event */
  moved(number, { id, t_us }) {
    const frame = this.record.by_frame.get(number);
    if (!frame) return;
    const [from_us, to_us] = drawnTimes(frame);
    this.activity.add(Math.min(t_us, frame.queued_us ?? t_us), Math.max(t_us, to_us ?? t_us));
    if (from_us === null || to_us === null) return;
    const place = this.places.get(number);
    if (place !== undefined) {
      this.ways.set(place, from_us, to_us);
      return;
    }
    this.places.set(number, this.ways.add(frame, from_us, to_us, id));
    const traffic = this.trafficOf(frame.link, frame.direction);
    traffic.all.add(t_us, id);
    if (frame.segment?.retransmission) traffic.again.add(t_us, id);
  }

  /** Forgets what came after the last of these events; the record has done so already. @param {LabEvent[]} log */
  forget(log) {
    const keep = log.length;
    const lists = [...this.traffic.values()].flatMap(({ all, again, lost }) => [all, again, lost]);
    for (const each of [...lists, ...this.moments.values(), ...this.notes.filter(Boolean), this.lasting, this.fired]) each.forget(keep);
    for (const frame of this.ways.items.slice(firstNot(this.ways.length, (i) => this.ways.ids[i] <= keep))) this.places.delete(frame.frame);
    this.ways.forget(keep);
    this.ways.items.forEach((item, place) => {
      const frame = /** @type {FrameRecord} */ (this.record.by_frame.get(item.frame));
      if (frame === item) return;
      this.ways.items[place] = frame;
      const [from_us, to_us] = drawnTimes(frame);
      this.ways.set(place, from_us ?? 0, to_us ?? 0);
    });
    this.open.clear();
    this.lasting.items.forEach((band, place) => {
      if (band.to_us !== null) return;
      this.lasting.set(place, band.from_us, Infinity);
      this.open.set(band.key, place);
    });
    this.armed = new Map(this.record.running);
    this.#lookAgain();
  }

  /** When something happens, of all that is left. */
  #lookAgain() {
    this.activity = new Activity();
    const { frames, calls, transitions } = this.record;
    const spans = joinSpans([
      ...frames.map((frame) => /** @type {[number, number]} */ ([frame.queued_us ?? frame.born_us, Math.max(frame.born_us, frame.queued_us ?? 0, drawnTimes(frame)[1] ?? 0)])),
      ...frames.map(({ born_us }) => /** @type {[number, number]} */ ([born_us, born_us])),
      ...[...calls, ...transitions].map(({ t_us }) => /** @type {[number, number]} */ ([t_us, t_us])),
    ]);
    for (const [from, to] of spans) this.activity.add(from, to);
  }
}

/** From when to when a frame is drawn: one that never left, where it was lost. @param {FrameRecord} frame @returns {[number | null, number | null]} */
function drawnTimes({ sent_us, arrival_us, lost_us }) {
  return sent_us !== null && arrival_us !== null ? [sent_us, arrival_us] : [lost_us, lost_us];
}

/** What each kind of event adds. @type {Record<string, (this: RunIndex, event: LabEvent) => void>} */
const TAKE = {
  frame_queued: moved,
  frame_sent: moved,
  frame_delivered: moved,
  frame_delayed: moved,
  header_added: moved,
  frame_duplicated(event) {
    this.moved(event.copy_frame, event);
  },
  frame_lost(event) {
    this.moved(event.frame, event);
    this.trafficOf(event.link, event.direction).lost.add(event.t_us, event.id);
  },
  tcp_state(event) {
    const { id, t_us, node, to, local_port, remote_port, remote_addr } = event;
    this.activity.add(t_us, t_us);
    if (remote_port === 0) return;
    const key = connectionKey(node, local_port, remote_port, remote_addr);
    const before = this.open.get(key);
    if (before !== undefined) this.lasting.set(before, this.lasting.items[before].from_us, t_us);
    this.open.delete(key);
    const notes = this.notesOf(node);
    if (before !== undefined || to !== 'CLOSED') notes.add({ id, t_us, text: to, kind: 'state' });
    const band = this.record.open.get(key);
    if (!band) return;
    notes.lanes = Math.max(notes.lanes, band.lane);
    this.open.set(key, this.lasting.add(band, t_us, Infinity, id));
  },
  socket_call(event) {
    const { id, t_us, node, call } = event;
    this.activity.add(t_us, t_us);
    if (isNews(event)) this.notesOf(node).add({ id, t_us, text: `${call.toLowerCase()}()`, kind: 'call' });
  },
  tcp_timer_armed(event) {
    const span = this.record.timers.at(-1);
    if (span) this.armed.set(timerKey(event), span);
  },
  tcp_timer_fired(event) {
    const span = this.armed.get(timerKey(event));
    if (span) this.fired.add(span, span.from_us, Math.max(span.due_us, event.t_us), event.id);
  },
};

/** @this {RunIndex} @param {LabEvent} event */
function moved(event) {
  this.moved(event.frame, event);
}

/**
 * One frame's life, from the call or timer that asked for it to what it caused at the other end, as the log has it.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').FrameRecord} FrameRecord
 */

/** What is part of a frame's way; other events only have to do with it. */
const OF_ITS_WAY = new Set([
  ...['tcp_segment_sent', 'udp_sent', 'icmp_sent', 'arp_asked', 'arp_answered', 'header_added', 'frame_queued'],
  ...['frame_sent', 'frame_delayed', 'frame_corrupted', 'frame_duplicated', 'frame_delivered', 'frame_lost'],
  ...['header_removed', 'checksum_checked', 'packet_dropped', 'tcp_segment_received', 'tcp_discarded'],
]);

/** So many things later a frame is not looked for any more: on its way, after its end, and in what it caused. */
const WAY_MAX = 20_000;
const END_MAX = 400;
const CAUSED_WITHIN = 4_000;
const CAUSED_MAX = 12;

/**
 * The stations of a frame until the cursor, in order.
 * @param {LabEvent[]} log @param {FrameRecord} frame @param {number} seen the last event that has been seen
 * @returns {LabEvent[]}
 */
export function stations(log, frame, seen) {
  const from = Math.max(0, frame.born_id - 1);
  const end = frame.delivered_id || frame.lost_id;
  return log
    .slice(from, Math.min(seen, end ? end + END_MAX : from + WAY_MAX))
    .filter((event) => event.frame === frame.frame && OF_ITS_WAY.has(event.kind));
}

/**
 * What came of it where it arrived: the events that it caused, and those that they caused, but for its own way.
 * @param {LabEvent[]} log @param {FrameRecord} frame @param {number} seen
 * @returns {LabEvent[]}
 */
export function consequences(log, frame, seen) {
  if (!frame.delivered_id || frame.delivered_id > seen) return [];
  const family = new Set([frame.delivered_id]);
  /** @type {LabEvent[]} */
  const found = [];
  for (let id = frame.delivered_id; id < Math.min(seen, frame.delivered_id + CAUSED_WITHIN); id++) {
    const event = log[id];
    if (!family.has(event.cause)) continue;
    const isOwn = event.frame === frame.frame && OF_ITS_WAY.has(event.kind);
    const isOther = event.frame !== 0 && event.frame !== frame.frame && event.kind !== 'tcp_segment_sent';
    if (isOther) continue; // what became of the answer is the answer's life
    family.add(event.id);
    if (!isOwn && found.length < CAUSED_MAX) found.push(event);
  }
  return found;
}

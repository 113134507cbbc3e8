/**
 * The marks of the ladder as SVG: arrows, bands, calls, timers. Shape says what kind of segment it is, dashes say
 * what became of it, colour says the layer. Nothing here knows why anything was sent.
 */
import { nothing, svg } from 'lit';
import { linesOf } from '../model/brackets.js';
import { segmentKind, frameText } from '../model/segment.js';
import { fate, progress } from '../model/select.js';

/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */
/** @typedef {{from: number, to: number, y: (t_us: number) => number}} Place between which lifelines, and where times stand */

export const LAYER_CLASS = /** @type {Record<string, string>} */ ({
  tcp: 'transport',
  udp: 'transport',
  arp: 'link',
  icmp: 'internet',
});

/** So much of its way is drawn of a frame that never left. */
const STUB_PX = 28;

/** @param {FrameRecord} frame */
export function thickness(frame) {
  const payload = frame.segment ? frame.segment.payload_bytes : frame.payload_bytes;
  return payload > 0 ? 1.5 + Math.min(3, payload / 480) : 1.5;
}

/** @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {number} part */
const between = (from, to, part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });

/** Filled: it opens, closes or carries. Open: it only acknowledges. @param {{x: number, y: number}} tip @param {number} angle @param {string} kind */
function head(tip, angle, kind) {
  const turn = `translate(${tip.x} ${tip.y}) rotate(${angle})`;
  if (kind === 'ack') return svg`<path class="open" transform=${turn} d="M-9 -4.5L0 0L-9 4.5"></path>`;
  return svg`<path class="full" transform=${turn} d="M0 0L-10 -4.5V4.5z"></path>`;
}

/** What a segment does, at its tail: SYN opens (ring), FIN closes (bar), RST breaks (cross). @param {{x: number, y: number}} at @param {string} kind */
function tail(at, kind) {
  if (kind === 'syn' || kind === 'syn-ack') return svg`<circle class="ring" cx=${at.x} cy=${at.y} r="4"></circle>`;
  if (kind === 'fin') return svg`<rect class="full" x=${at.x - 2.5} y=${at.y - 5} width="5" height="10"></rect>`;
  if (kind === 'rst') return cross(at, 4);
  return nothing;
}

/** @param {{x: number, y: number}} at @param {number} size */
const cross = ({ x, y }, size) =>
  svg`<path class="cross" d="M${x - size} ${y - size}L${x + size} ${y + size}M${x - size} ${y + size}L${x + size} ${y - size}"></path>`;

/**
 * One frame's way from one lifeline to the other.
 * @param {FrameRecord} frame
 * @param {Place} place
 * @param {{cursor: {t_us: number, id: number}, selected: boolean, pointed: boolean, point: (on: boolean) => void, label_at: number | null, label: string, pick: () => void}} how label_at: which part of the way is under the label; null: it has none
 */
export function arrow(frame, place, { cursor, selected, pointed, point, label_at, label, pick }) {
  if (frame.sent_us === null && frame.lost_us !== null) {
    return stub(frame, place, { lost_us: frame.lost_us, selected: selected || pointed, labelled: label_at !== null, label, pick });
  }
  if (frame.sent_us === null || frame.arrival_us === null) return nothing;
  const { from: x0, to: x1 } = place;
  const from = { x: x0 + Math.sign(x1 - x0) * 6, y: place.y(frame.sent_us) };
  const to = { x: x1 - Math.sign(x1 - x0) * 6, y: place.y(frame.arrival_us) };
  const kind = frame.segment ? segmentKind(frame.segment) : 'data';
  const now = fate(frame, cursor);
  const isFuture = now === 'unborn' || now === 'waiting';
  const lostAt = frame.lost_us !== null && now === 'lost' ? progress(frame, frame.lost_us) : null;
  const isThere = now === 'delivered' || now === 'discarded';
  const reached = isThere ? 1 : (lostAt ?? (isFuture ? 0 : (progress(frame, cursor.t_us) ?? 0)));
  const here = between(from, to, reached);
  const end = lostAt === null ? to : here;
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const middle = between(from, to, label_at ?? 0);
  const textAngle = Math.abs(angle) > 90 ? angle + 180 : angle;
  const again = frame.segment?.retransmission ? 'again' : '';
  const classes = `arrow ${LAYER_CLASS[frame.protocol] ?? 'link'} ${again} ${isFuture ? 'future' : ''} ${selected ? 'selected' : ''}`;
  return svg`<g class=${classes} data-frame=${frame.frame} @click=${pick} @mouseenter=${() => point(true)} @mouseleave=${() => point(false)}>
    ${selected || pointed ? svg`<line class="mark" x1=${from.x} y1=${from.y} x2=${end.x} y2=${end.y}></line>` : nothing}
    ${reached < 1 && lostAt === null ? svg`<line class="dots" x1=${here.x} y1=${here.y} x2=${to.x} y2=${to.y}></line>` : nothing}
    ${reached > 0 ? svg`<line class="way" stroke-width=${thickness(frame)} x1=${from.x} y1=${from.y} x2=${here.x} y2=${here.y}></line>` : nothing}
    ${isFuture ? nothing : tail(from, kind)}
    ${now === 'delivered' ? head(to, angle, kind) : nothing}
    ${now === 'flying' ? svg`<circle class="tip" cx=${here.x} cy=${here.y} r="4.5"></circle>` : nothing}
    ${lostAt === null && now !== 'discarded' ? nothing : cross(here, 7)}
    ${
      label_at !== null
        ? svg`<text class="label" text-anchor="middle" dy=${selected ? -10 : -6} transform="translate(${middle.x} ${middle.y}) rotate(${textAngle})">${label}</text>`
        : nothing
    }
    <line class="grip" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}></line>
  </g>`;
}

/**
 * A frame that never left: the cable is unplugged, or the queue in front of it is full.
 * @param {FrameRecord} frame
 * @param {Place} place
 * @param {{lost_us: number, selected: boolean, labelled: boolean, label: string, pick: () => void}} how
 */
function stub(frame, place, { lost_us, selected, labelled, label, pick }) {
  const way = place.to > place.from ? 1 : -1;
  const x0 = place.from + 6 * way;
  const x1 = x0 + STUB_PX * way;
  const y = place.y(lost_us);
  const again = frame.segment?.retransmission ? 'again' : '';
  return svg`<g class="arrow ${LAYER_CLASS[frame.protocol] ?? 'link'} ${again} ${selected ? 'selected' : ''}" data-frame=${frame.frame} @click=${pick}>
    ${selected ? svg`<line class="mark" x1=${x0} y1=${y} x2=${x1} y2=${y}></line>` : nothing}
    <line class="way" stroke-width=${thickness(frame)} x1=${x0} y1=${y} x2=${x1} y2=${y}></line>
    ${cross({ x: x1, y }, 7)}
    ${labelled ? svg`<text class="label" x=${x1 + 12 * way} y=${y + 4} text-anchor=${way > 0 ? 'start' : 'end'}>${label}</text>` : nothing}
    <line class="grip" x1=${x0} y1=${y} x2=${x1 + 12 * way} y2=${y}></line>
  </g>`;
}

/** What stands on an arrow. @param {FrameRecord} frame @param {boolean} relative @param {boolean} narrow */
export function arrowLabel(frame, relative, narrow) {
  const text = frameText(frame, relative);
  return narrow ? text.replaceAll('seq ', 's').replaceAll('ack ', 'a').replaceAll('len ', 'l') : text;
}

const BAND_CLASS = /** @type {Record<string, 'listen' | 'half' | 'full'>} */ ({
  LISTEN: 'listen',
  SYN_SENT: 'half',
  SYN_RCVD: 'half',
  ESTABLISHED: 'full',
});

/** How connected it is. @param {import('../model/types.js').Band} band */
export const bandClass = ({ state }) => BAND_CLASS[state] ?? 'closing';

/**
 * A stretch of one state on a lifeline.
 * @param {import('../model/types.js').Band} band @param {number} x @param {number} y0 @param {number} y1
 */
export function bandMark(band, x, y0, y1) {
  return svg`<rect class="band ${bandClass(band)}" x=${x - 5} y=${y0} width="10" height=${Math.max(1, y1 - y0)}></rect>`;
}

/** A timer: its line, and its name and time. @typedef {{path: string, texts: {text: string, x: number, y: number, anchor: 'start' | 'end'}[]}} Bracket */

const LETTER_PX = 7.3;
const LINE_PX = 14;

/**
 * A timer: a bracket from where it was set to where it is due.
 * @param {number} x
 * @param {{y0: number, y1: number, is_cut: boolean, lane: number}} span cut: it goes on below
 * @param {number} way 1: opens to the right
 * @param {string} name @param {string} time how long it takes
 * @param {number} room_px as far as the lifeline
 * @returns {Bracket}
 */
export function bracketAt(x, { y0, y1, is_cut, lane }, way, name, time, room_px) {
  const end = is_cut ? `V${y1}` : `V${y1}h${7 * way}`;
  const lines = [...linesOf(name, Math.floor((room_px - 8) / LETTER_PX)), time];
  const height = lines.length * LINE_PX + 4;
  // Above its end; below it where it is so short that the words would stand beside what was before.
  const isBelow = y1 - y0 < height && !is_cut && lane === 0;
  const top = y1 + 12 - (isBelow ? 0 : height * (lane + 1));
  return {
    path: `M${x + 7 * way} ${y0}H${x}${end}`,
    texts: lines.map((text, i) => ({ text, x: x + 5 * way, y: top + i * LINE_PX, anchor: way > 0 ? 'start' : 'end' })),
  };
}

/** @param {Bracket} bracket */
export const bracket = ({ path, texts }) => svg`<g class="bracket">
    <path d=${path}></path>
    ${texts.map(({ text, x, y, anchor }) => svg`<text x=${x} y=${y} text-anchor=${anchor}>${text}</text>`)}
  </g>`;

/** How wide the mark of now is. @param {string} time @param {number} room_px of the ruler; a long time reaches over it */
export const flagWidth = (time, room_px) => Math.max(room_px, time.length * LETTER_PX + 8);

/** The mark of now, on a ruler of so much room. @param {number} y @param {string} time @param {number} room_px */
export function nowFlag(y, time, room_px) {
  const width = flagWidth(time, room_px);
  return svg`<g class="flag" transform="translate(0 ${y - 10})">
    <rect width=${width} height="20" rx="3"></rect>
    <text x=${width / 2} y="14" text-anchor="middle">${time}</text>
  </g>`;
}

/**
 * One run on the ladder as SVG: lifelines with their states, arrows, calls, timers. A page may show two of them side by side, on
 * one time axis. What is settled is not looked at again: an arrow that has arrived costs no more than a comparison.
 *
 * Heights are counted from a base that moves seldom, so that scrolling moves one group and not each mark.
 */
import { nothing, svg } from 'lit';
import { t } from '../i18n/index.js';
import { timerBrackets, timersIn } from '../model/brackets.js';
import { timeText } from '../model/format.js';
import { LANE_PX, wayIn } from '../model/lanes.js';
import { fate, progress } from '../model/select.js';
import { keyed } from './keyed.js';
import { arrow, arrowLabel, bandMark, bracket, bracketAt } from './ladder-marks.js';
import { nodeName, runName } from './node-name.js';

/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */

/**
 * @typedef {object} Pane
 * @property {import('../model/app.js').App} app
 * @property {import('../model/record.js').RunRecord} record
 * @property {import('../model/run-index.js').RunIndex} index
 * @property {{t_us: number, id: number}} cursor
 * @property {import('../model/types.js').LabState['timers']} running timers that run at the cursor
 * @property {number} opening_id what programs did before anybody looked
 * @property {import('../model/lanes.js').Lanes} lanes
 * @property {number} most so many bands have room beside a lifeline
 * @property {{left: number, right: number}} edges of the pane
 * @property {boolean} narrow calls have no room beside the lifelines
 * @property {[number, number]} seen times in view
 * @property {{top: number, bottom: number}} view in heights of the drawing
 * @property {(t_us: number) => number} y
 * @property {boolean} live what is selected here can be selected elsewhere
 */

const LABEL_PX = 20;
const BRACKET_PX = 10;
/** Half of a lifeline's width. */
const HALF_PX = 5;
/** More states than these in view are one grey. */
const BANDS_MAX = 300;

/** A frame that is on no lifeline that is drawn. */
const NOT_DRAWN = { depends: [null], draw: () => nothing };

/** Labels stand in the middle of their arrows, or nearer to the tail where arrows cross; two that would meet are one too many. */
const LABEL_PARTS = [0.5, 0.25];

class LabelPlaces {
  constructor() {
    /** @type {{away: boolean, x: number, y: number}[]} */
    this.taken = [];
  }

  /**
   * @param {import('../model/lanes.js').Way} way @param {number} y0 @param {number} y1
   * @returns {number | null} which part of the way has room
   */
  take({ from, to }, y0, y1) {
    const away = to > from;
    const apart = Math.abs(to - from) * 0.4;
    for (const part of LABEL_PARTS) {
      const x = from + (to - from) * part;
      const y = y0 + (y1 - y0) * part;
      const met = this.taken.find((each) => Math.abs(each.x - x) < apart && Math.abs(each.y - y) < LABEL_PX);
      if (!met) {
        this.taken.push({ away, x, y });
        return part;
      }
      if (met.away === away) return null; // in a row of arrows one label is enough
    }
    return null;
  }
}

/**
 * From when to when a frame is drawn; null: not at all. One that never left is drawn where it was lost.
 * @param {FrameRecord} frame @param {{t_us: number, id: number}} cursor
 * @returns {[number, number] | null}
 */
export function endsOf(frame, cursor) {
  if (frame.sent_us !== null && frame.arrival_us !== null) return [frame.sent_us, frame.arrival_us];
  return frame.lost_us !== null && fate(frame, cursor) === 'lost' ? [frame.lost_us, frame.lost_us] : null;
}

/** Where the lifelines begin. @param {Pane} pane */
export const lifeTop = ({ view, y }) => Math.max(view.top, y(0) - 12);

/** States on the lifelines, as far as they are in view. @param {Pane} pane */
export function bandsOf({ index, cursor, lanes, most, seen, view, y }) {
  const bands = index.lasting.touching(...seen, BANDS_MAX) ?? [];
  return bands.flatMap((band) => {
    const column = lanes.nodes.indexOf(band.node);
    if (column < 0 || band.from_id > cursor.id) return [];
    const isOver = band.to_us !== null && band.to_id <= cursor.id;
    const y0 = Math.max(view.top - 20, y(band.from_us));
    const y1 = Math.min(view.bottom + 20, isOver ? y(/** @type {number} */ (band.to_us)) : y(cursor.t_us));
    const away = column === 0 ? -1 : 1;
    return y1 < view.top - 10 ? [] : [{ band, x: lanes.x[column] + away * Math.min(band.lane, most) * LANE_PX, y0, y1 }];
  });
}

/** @param {Pane} pane */
export function paneLifelines(pane) {
  const { lanes, view } = pane;
  const start = lifeTop(pane);
  return svg`${lanes.x.map((x) => svg`<line class="life" x1=${x} x2=${x} y1=${start} y2=${view.bottom}></line>`)} ${bandsOf(pane).map(({ band, x, y0, y1 }) => bandMark(band, x, y0, y1))}`;
}

/**
 * Arrows with all that they say.
 * @param {Pane} pane @param {FrameRecord[]} frames
 */
export function paneArrows({ app, cursor, lanes, y, live, record }, frames) {
  const labels = new LabelPlaces();
  const isSelected = (/** @type {FrameRecord} */ frame) => live && app.selected === frame.frame;
  const wayOf = (/** @type {FrameRecord} */ frame) => wayIn(lanes, app.session.topology.way(frame));
  const chosen = live ? record.by_frame.get(app.selected) : undefined;
  const ends = chosen && endsOf(chosen, cursor);
  const place = chosen && wayOf(chosen);
  if (ends && place) labels.take(place, y(ends[0]), y(ends[1]));
  return keyed(
    frames,
    (frame) => frame.frame,
    (frame) => {
      const span = endsOf(frame, cursor);
      const way = span && wayOf(frame);
      if (!span || !way) return NOT_DRAWN;
      const [y0, y1] = span.map(y);
      const short = Math.abs(way.to - way.from) < 240;
      const label = arrowLabel(frame, app.relative, short);
      const selected = isSelected(frame);
      const pointed = live && app.pointed === frame.frame;
      const label_at = selected ? LABEL_PARTS[0] : labels.take(way, y0, y1);
      const now = fate(frame, cursor);
      const moving = now === 'flying' ? progress(frame, cursor.t_us) : 0;
      const how = {
        ...{ cursor, selected, pointed, label, label_at },
        pick: () => live && app.select(frame.frame, true),
        point: (/** @type {boolean} */ on) => live && app.point(on ? frame.frame : 0),
      };
      const depends = [frame, now, moving, frame.lost_us, way.from, way.to, y0, y1, selected, pointed, label, label_at, live];
      return { depends, draw: () => arrow(frame, { ...way, y }, how) };
    },
  );
}

/**
 * Calls and states beside a lifeline, pushed down where they would cover each other.
 * @param {Pane} pane @param {number} column the first or the last
 * @returns {{kind: 'state' | 'call', text: string, x: number, y: number, anchor: 'start' | 'end'}[]}
 */
function notesBeside({ record, index, cursor, opening_id, lanes, narrow, seen, view, y }, column) {
  const node = lanes.nodes[column];
  const notes = index.notesOf(node);
  const isLeft = column === 0;
  const away = narrow ? -10 : 14 + notes.lanes * LANE_PX;
  const x = isLeft ? lanes.x[column] - away : lanes.x[column] + away;
  const anchor = isLeft === narrow ? 'start' : 'end';
  const isListening = record.listens.some((each) => each.node === node && each.id <= opening_id);
  /** @type {ReturnType<typeof notesBeside>} */
  const told = [{ kind: 'state', text: isListening ? 'LISTEN' : 'CLOSED', x, y: y(0) - 8, anchor }];
  for (const { note, at_px } of notes.placed(seen, y, { cursor_id: cursor.id, opening_id })) {
    if (at_px < view.top - 20 || at_px > view.bottom + 20 || (note.kind === 'call' && narrow)) continue;
    told.push({ kind: note.kind, text: note.text, x, y: at_px, anchor });
  }
  return told;
}

/** What is told at both sides. @param {Pane} pane */
export function notesOf(pane) {
  const last = pane.lanes.nodes.length - 1;
  return [...notesBeside(pane, 0), ...(last > 0 ? notesBeside(pane, last) : [])];
}

/** @param {Pane} pane */
export const paneNotes = (pane) => notesOf(pane).map(({ kind, text, x, y, anchor }) => svg`<text class=${kind} x=${x} y=${y} text-anchor=${anchor}>${text}</text>`);

/** Timers that run, and those that have run out. One that was stopped in time has said nothing. @param {Pane} pane @returns {import('./ladder-marks.js').Bracket[]} */
export function bracketsOf({ index, running, cursor, lanes, edges, narrow, seen, view, y }) {
  if (narrow) return [];
  const ends = [lanes.nodes[0], lanes.nodes[lanes.nodes.length - 1]];
  const spans = timersIn(index, running, cursor.id, seen).filter(({ node }) => ends.includes(node));
  return timerBrackets(spans, y, view.top, view.bottom).map((each) => {
    const isLeft = each.node === ends[0];
    const x = isLeft ? edges.left + 8 + each.lane * BRACKET_PX : edges.right - 4 - each.lane * BRACKET_PX;
    const names = each.timers.map((timer) => t(`timer-${timer.toLowerCase().replaceAll('_', '-')}`)).join(' · ');
    const room_px = Math.abs(lanes.x[isLeft ? 0 : lanes.x.length - 1] - x) - HALF_PX;
    return bracketAt(x, each, isLeft ? 1 : -1, names, timeText(each.due_us - each.from_us), room_px);
  });
}

/** @param {Pane} pane */
export const paneTimers = (pane) => bracketsOf(pane).map(bracket);

/** Names above the lifelines, where they are not those of the hosts above; of two runs, their own. @param {Pane} pane @param {boolean} isOneOfTwo */
export function paneHeads({ app, lanes, live, edges }, isOneOfTwo) {
  const { branches, nodes } = app.session;
  const head = (/** @type {number} */ x, /** @type {string} */ name) => svg`<text class="head" x=${x} y="14" text-anchor="middle">${name}</text>`;
  if (isOneOfTwo) return head((edges.left + edges.right) / 2, runName(app, live ? branches.current : branches.beside));
  return lanes.nodes.length > 2 ? lanes.nodes.map((node, i) => head(lanes.x[i], nodeName(nodes[node].name))) : nothing;
}

/** Where two runs part. @param {import('../model/app.js').App} app @param {Pane} pane @param {number} width */
export function parting(app, { y }, width) {
  const found = app.session.branches.difference;
  if (!found) return nothing;
  const at = y(found.t_us);
  return svg`<g class="parting"><line x1="60" x2=${width} y1=${at} y2=${at}></line><text x=${width - 4} y=${at - 5} text-anchor="end">${t('branches-mark')}</text></g>`;
}

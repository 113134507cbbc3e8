/**
 * The ladder: time goes down, the two lifelines stand left and right, each frame is an arrow between them. It stays
 * when all motion is over. Only what lies in view is drawn, so a run of thousands of frames costs no more than one of ten.
 */
import { html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { ladderStyles } from './lab-ladder-styles.js';
import { t } from '../i18n/index.js';
import { Axis, busySpans } from '../model/axis.js';
import { timerBrackets } from '../model/brackets.js';
import { clockText, tickText, timeText } from '../model/format.js';
import { fate, isSetup } from '../model/select.js';
import { arrow, arrowLabel, bandMark, bracket } from '../views/ladder-marks.js';
import { ladderTable } from '../views/ladder-table.js';

/** 20 ms, the first scenario's delay, are this high. */
const PX_PER_US = 88 / 20_000;
const ZOOM = { min: 1 / 64, max: 16 };
const PAD = { top: 20, bottom: 60 };
const LINE_PX = 15;
const LABEL_PX = 20;
const LANE_PX = 13;
const BRACKET_PX = 10;

/** Labels stand in the middle of their arrows, or nearer to the tail where arrows cross; two that would meet are one too many. */
const LABEL_PARTS = [0.5, 0.25];

class LabelPlaces {
  constructor() {
    /** @type {{direction: number, x: number, y: number}[]} x: which part of the way from the left lifeline to the right one */
    this.taken = [];
  }

  /** @param {number} direction @param {number} y0 @param {number} y1 @returns {number | null} where on the way there is room */
  take(direction, y0, y1) {
    for (const part of LABEL_PARTS) {
      const x = direction === 0 ? part : 1 - part;
      const y = y0 + (y1 - y0) * part;
      const met = this.taken.find((each) => Math.abs(each.x - x) < 0.4 && Math.abs(each.y - y) < LABEL_PX);
      if (!met) {
        this.taken.push({ direction, x, y });
        return part;
      }
      if (met.direction === direction) return null; // in a row of arrows one label is enough
    }
    return null;
  }
}

export class LabLadder extends LabElement {
  static properties = {
    width: { state: true },
    height: { state: true },
    top: { state: true },
    zoom: { state: true },
    mode: { state: true },
    as_table: { state: true },
  };
  static styles = [LabElement.styles, ladderStyles];

  constructor() {
    super();
    this.width = 700;
    this.height = 400;
    this.top = 0;
    this.zoom = 1;
    /** @type {'follow' | 'fit' | 'free'} */
    this.mode = 'follow';
    this.as_table = false;
    this.axis = new Axis([], 0, PX_PER_US);
    this.observer = new ResizeObserver(([entry]) => {
      this.width = entry.contentRect.width;
      this.height = entry.contentRect.height;
    });
    /** The table's row that was last brought into view. */
    this.row_seen = '';
    /** @type {Element | null} */
    this.watched = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
    this.watched = null;
  }

  get scroller() {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.scroller'));
  }

  updated() {
    const { scroller } = this;
    if (scroller !== this.watched) {
      this.observer.disconnect();
      if (scroller) this.observer.observe(scroller);
      this.watched = scroller;
    }
    if (scroller && this.as_table) this.followRow(scroller);
    else if (scroller && this.mode === 'follow') this.follow(scroller);
  }

  /** Keeps "now" in view: it is let wander in the middle, and the paper moves when it would leave. @param {HTMLElement} scroller */
  follow(scroller) {
    const y = this.axis.toPx(this.app.cursor.t_us) + PAD.top;
    const isAbove = y < scroller.scrollTop + 40;
    const isBelow = y > scroller.scrollTop + this.height * 0.72;
    if (isAbove) scroller.scrollTop = Math.max(0, y - this.height * 0.3);
    else if (isBelow) scroller.scrollTop = y - this.height * 0.72;
  }

  /** The table's row at the cursor comes into view, when the table opens and when time moves. @param {HTMLElement} scroller */
  followRow(scroller) {
    const row = /** @type {HTMLElement | null} */ (scroller.querySelector('[aria-current]'));
    const frame = row?.dataset.frame ?? '';
    if (!row || frame === this.row_seen) return;
    this.row_seen = frame;
    scroller.scrollTop = row.offsetTop - scroller.clientHeight / 2;
  }

  /** @param {number} factor */
  scale(factor) {
    this.zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, this.zoom * factor));
    if (this.mode === 'fit') this.mode = 'follow';
  }

  /** The time axis of this moment; true to scale but for folds. */
  makeAxis() {
    const { record, cursor, timeline } = this.app;
    const spans = busySpans(record, cursor.t_us);
    const room = Math.max(60, this.height - PAD.top - PAD.bottom);
    let scale = PX_PER_US * this.zoom;
    const axis = new Axis(spans, timeline.end_us, scale);
    if (this.mode !== 'fit' || axis.length_px === 0) return axis;
    let fitted = axis;
    for (let turn = 0; turn < 6; turn++) {
      scale *= room / fitted.length_px;
      fitted = new Axis(spans, timeline.end_us, Math.min(scale, PX_PER_US * 4));
    }
    return fitted;
  }

  get isNarrow() {
    return this.width < 560;
  }

  /** Where the lifelines stand. */
  lines() {
    const margin = this.isNarrow ? 66 : Math.min(196, Math.max(156, this.width * 0.24));
    return { left: margin, right: this.width - (this.isNarrow ? 30 : margin - 20) };
  }

  /** @param {number} y */
  isInView(y) {
    return y > -60 && y < this.height + 60;
  }

  ruler() {
    const { axis } = this;
    const offset = PAD.top - this.top;
    const ticks = axis.ticks(this.top - PAD.top, this.top + this.height, 40);
    const folds = axis.pieces.filter((piece) => piece.folded && this.isInView(piece.from_px + offset));
    return svg`
      ${ticks.map(({ t_us, px }) => svg`<g class="tick"><text x="50" y=${px + offset + 4} text-anchor="end">${tickText(t_us)}</text><line x1="54" x2="60" y1=${px + offset} y2=${px + offset}></line></g>`)}
      ${folds.map((fold) => {
        const y = (fold.from_px + fold.to_px) / 2 + offset;
        return svg`<g class="fold">
          <path d="M60 ${y - 3}H${this.width}M60 ${y + 3}H${this.width}"></path>
          <text x=${this.width / 2} y=${y + 4} text-anchor="middle">${t('fold', { time: timeText(fold.to_us - fold.from_us) })}</text>
        </g>`;
      })}`;
  }

  lifelines() {
    const { left, right } = this.lines();
    const { record, cursor } = this.app;
    const end = this.height;
    const bands = record.bands.map((band) => {
      if (band.from_id > cursor.id) return nothing;
      const y0 = this.y(band.from_us);
      const isOver = band.to_us !== null && band.to_id <= cursor.id;
      const y1 = isOver ? this.y(/** @type {number} */ (band.to_us)) : this.y(cursor.t_us);
      if (y1 < -10 || y0 > this.height + 10) return nothing;
      const x = band.node === 0 ? left - band.lane * LANE_PX : right + band.lane * LANE_PX;
      return bandMark(band, x, y0, y1);
    });
    return svg`${[left, right].map((x) => svg`<line class="life" x1=${x} x2=${x} y1=${Math.max(0, PAD.top - this.top - 12)} y2=${end}></line>`)} ${bands}`;
  }

  /** Calls and states beside the lifelines, pushed down where they would cover each other. @param {0 | 1} node */
  notes(node) {
    const { record, cursor, session } = this.app;
    const { left, right } = this.lines();
    const notes = [
      ...record.calls
        .filter((call) => call.node === node && call.id > session.opening_id && isNews(call))
        .map((call) => ({ id: call.id, t_us: call.t_us, text: `${call.call.toLowerCase()}()`, kind: 'call' })),
      ...record.bands
        .filter((band) => band.node === node)
        .map((band) => ({ id: band.from_id, t_us: band.from_us, text: band.state, kind: 'state' })),
      ...closings(record, node),
    ].sort((a, b) => a.id - b.id);
    const isInside = this.isNarrow;
    const lanes = Math.max(0, ...record.bands.filter((band) => band.node === node).map((band) => band.lane));
    const away = isInside ? -10 : 14 + lanes * LANE_PX;
    const x = node === 0 ? left - away : right + away;
    const anchor = (node === 0) === isInside ? 'start' : 'end';
    let free = -Infinity;
    let before = '';
    const isListening = record.listens.some((each) => each.node === node && each.id <= session.opening_id);
    const first = svg`<text class="state" x=${x} y=${this.y(0) - 8} text-anchor=${anchor}>${isListening ? 'LISTEN' : 'CLOSED'}</text>`;
    const marks = notes.map(({ id, t_us, text, kind }) => {
      if (id > cursor.id) return nothing;
      const y = Math.max(this.y(t_us) + (kind === 'state' ? 10 : 4), free);
      const drift = y - this.y(t_us);
      const isMore = text === before && drift > 4; // one recv() after another: the first says it
      if (isMore || drift > 4 * LINE_PX) return nothing;
      free = y + LINE_PX;
      before = text;
      if (!this.isInView(y)) return nothing;
      if (kind === 'call' && isInside) return nothing;
      return svg`<text class=${kind} x=${x} y=${y} text-anchor=${anchor}>${text}</text>`;
    });
    return [first, ...marks];
  }

  /** Timers that run, and those that have run out. One that was stopped in time has said nothing. */
  timers() {
    const { record, cursor } = this.app;
    if (this.isNarrow) return nothing;
    return timerBrackets(record.timers, cursor.id, (t_us) => this.y(t_us), this.height).map((each) =>
      bracket(
        each.node === 0 ? 68 + each.lane * BRACKET_PX : this.width - 64 - each.lane * BRACKET_PX,
        each,
        each.node === 0 ? 1 : -1,
        each.timers.map((timer) => t(`timer-${timer.toLowerCase().replaceAll('_', '-')}`)).join(' · '),
        timeText(each.due_us - each.from_us),
      ),
    );
  }

  arrows() {
    const { app } = this;
    const { record, cursor } = app;
    const place = { ...this.lines(), y: (/** @type {number} */ t_us) => this.y(t_us) };
    const labels = new LabelPlaces();
    const chosen = record.by_frame.get(app.selected);
    const ends = chosen && endsOf(chosen, cursor);
    if (chosen && ends) labels.take(chosen.direction, place.y(ends[0]), place.y(ends[1]));
    return record.frames.map((frame) => {
      const span = endsOf(frame, cursor);
      if (!span) return nothing;
      const [y0, y1] = span.map(place.y);
      if (Math.max(y0, y1) < -20 || y0 > this.height + 20) return nothing;
      const label = arrowLabel(frame, app.relative, this.width < 420);
      const selected = app.selected === frame.frame;
      return arrow(frame, place, {
        cursor,
        selected,
        label_at: selected ? LABEL_PARTS[0] : labels.take(frame.direction, y0, y1),
        label,
        pick: () => app.select(frame.frame, true),
        pointed: app.pointed === frame.frame,
        point: (on) => app.point(on ? frame.frame : 0),
      });
    });
  }

  /** @param {number} t_us */
  y(t_us) {
    return this.axis.toPx(t_us) + PAD.top - this.top;
  }

  drawing() {
    this.axis = this.makeAxis();
    const { cursor } = this.app;
    const now = this.y(cursor.t_us);
    const height = Math.max(this.height, this.axis.length_px + PAD.top + PAD.bottom);
    return html`<div
      class="scroller"
      tabindex="0"
      role="group"
      aria-label=${t('ladder-hint')}
      @scroll=${(/** @type {Event} */ event) => (this.top = /** @type {HTMLElement} */ (event.target).scrollTop)}
      @wheel=${() => this.mode === 'follow' && !this.app.timeline.playing && (this.mode = 'free')}
    >
      <div class="paper" style="height:${this.mode === 'fit' ? this.height : height}px">
        <svg style="height:${this.height}px" role="img" aria-label=${t('ladder-picture')}>
          ${this.ruler()} ${this.lifelines()}
          <line class="now" x1="60" x2=${this.width} y1=${now} y2=${now}></line>
          ${this.arrows()} ${this.timers()} ${this.notes(0)} ${this.notes(1)}
          <g class="flag" transform="translate(${this.isNarrow ? 0 : this.width - 78} ${now - 10})">
            <rect width="78" height="20" rx="3"></rect>
            <text x="39" y="14" text-anchor="middle">${clockText(cursor.t_us)}</text>
          </g>
        </svg>
      </div>
    </div>`;
  }

  tools() {
    const { app } = this;
    const mode = (/** @type {'follow' | 'fit'} */ name) =>
      html`<button class="plain" aria-pressed=${this.mode === name} @click=${() => (this.mode = name)}>
        ${t(`ladder-${name}`)}
      </button>`;
    return html`<div class="tools">
      <h2>${t('ladder')}</h2>
      <button
        class="plain"
        aria-pressed=${!app.relative}
        @click=${() => {
          app.relative = !app.relative;
          app.changed();
        }}
      >
        ${t('ladder-absolute')}
      </button>
      ${mode('fit')}${mode('follow')}
      <button class="plain" aria-label=${t('zoom-out')} @click=${() => this.scale(1 / 1.5)}>−</button>
      <button class="plain" aria-label=${t('zoom-in')} @click=${() => this.scale(1.5)}>+</button>
      <button class="plain" aria-pressed=${this.as_table} @click=${() => ((this.as_table = !this.as_table), (this.row_seen = ''))}>
        ${t('ladder-table')}
      </button>
    </div>`;
  }

  render() {
    const { app } = this;
    const known = () => app.record.frames.filter((frame) => fate(frame, app.cursor) !== 'unborn');
    return html`${this.tools()}
    ${this.as_table ? html`<div class="scroller" tabindex="0" role="group" aria-label=${t('ladder-table')}>${ladderTable(app, known())}</div>` : this.drawing()}`;
  }
}

/**
 * From when to when a frame is drawn; null: not at all. One that never left is drawn where it was lost.
 * @param {import('../model/types.js').FrameRecord} frame @param {{t_us: number, id: number}} cursor
 * @returns {[number, number] | null}
 */
function endsOf(frame, cursor) {
  if (frame.sent_us !== null && frame.arrival_us !== null) return [frame.sent_us, frame.arrival_us];
  return frame.lost_us !== null && fate(frame, cursor) === 'lost' ? [frame.lost_us, frame.lost_us] : null;
}

/** Calls that found nothing to do are not drawn. @param {import('../model/types.js').Call} call */
const isNews = (call) => !isSetup(call.call) && (call.result >= 0 || call.call === 'CONNECT');

/** Where a connection's last band ends, it is CLOSED. @param {import('../model/record.js').RunRecord} record @param {number} node */
function closings(record, node) {
  return record.bands
    .filter((band) => band.node === node && band.to_us !== null)
    .filter((band) => !record.bands.some((other) => other.key === band.key && other.from_id === band.to_id))
    .map((band) => ({ id: band.to_id, t_us: /** @type {number} */ (band.to_us), text: 'CLOSED', kind: 'state' }));
}

customElements.define('lab-ladder', LabLadder);

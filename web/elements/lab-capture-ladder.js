/**
 * A captured connection as a ladder: the marks of the lab's own ladder, one level arrow for each segment, states down both
 * lifelines, what was noticed beside them. Only what is in view is drawn, so that a hundred thousand segments cost no more than ten.
 */
import { html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { captureLadderStyles } from './lab-capture-styles.js';
import { ladderStyles } from './lab-ladder-styles.js';
import { noticed } from './lab-capture-packet.js';
import { t } from '../i18n/index.js';
import { CaptureLadder, secondsText } from '../model/capture-ladder.js';
import { timeText } from '../model/format.js';
import { frameText } from '../model/segment.js';
import { arrow, arrowLabel, bandMark } from '../views/ladder-marks.js';

const ZOOM = { min: 1 / 256, max: 64 };
const PAD = { top: 44, bottom: 40 };
/** Browsers do not make elements of any height; beyond this, scrolling covers more than it shows. */
const PAPER_PX_MAX = 8_000_000;
const TABLE_ROWS = 100;
/** All that is in a file has happened. */
const CURSOR = { t_us: Infinity, id: Infinity };

export class LabCaptureLadder extends LabElement {
  static properties = {
    columns: { attribute: false },
    names: { attribute: false },
    endpoints: { attribute: false },
    picked: { attribute: false },
    half: { attribute: false },
    width: { state: true },
    height: { state: true },
    top: { state: true },
    zoom: { state: true },
    as_table: { state: true },
  };
  static styles = [LabElement.styles, ladderStyles, captureLadderStyles];

  constructor() {
    super();
    /** @type {import('../../wasm/capture.js').SegmentColumns | null} */
    this.columns = null;
    /** @type {{verdicts: string[], states: string[]}} */
    this.names = { verdicts: [], states: [] };
    this.endpoints = ['', ''];
    /** The chosen segment; -1: none. */
    this.picked = -1;
    this.width = 700;
    this.height = 400;
    this.top = 0;
    this.zoom = 1;
    this.as_table = false;
    this.ladder = new CaptureLadder(/** @type {any} */ ({ count: 0 }), this.names);
    this.size = new SizeOf(
      this,
      ({ width, height }) => {
        this.width = width;
        this.height = height;
      },
      () => this.scroller,
    );
    /** Whether the ladder was laid out with notes below its arrows. */
    this.is_tall = false;
    /** A packet that is looked at lies over the lower half. */
    this.half = false;
    /** Where to scroll after the next drawing; null: nowhere. @type {number | null} */
    this.goto = 0;
  }

  shouldUpdate() {
    return this.columns !== null;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const isOther = changed.has('columns') || changed.has('zoom') || this.is_tall !== this.isNarrow;
    if (!this.columns || !isOther) return;
    const first = this.ladder.from(this.top);
    this.is_tall = this.isNarrow;
    this.ladder = new CaptureLadder(this.columns, { ...this.names, zoom: this.zoom, tall: this.is_tall });
    this.goto = changed.has('columns') ? 0 : (this.ladder.y[first] ?? 0);
  }

  updated() {
    const scroller = this.scroller;
    if (scroller && this.goto !== null) scroller.scrollTop = this.goto / this.stretch;
    this.goto = null;
  }

  get scroller() {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.scroller'));
  }

  get isNarrow() {
    return this.width < 560;
  }

  get paper_px() {
    return Math.max(this.height, this.ladder.height + PAD.top + PAD.bottom);
  }

  /** How much of the ladder one pixel of scrolling is. */
  get stretch() {
    const room = Math.min(this.paper_px, PAPER_PX_MAX) - this.height;
    return room > 0 ? (this.paper_px - this.height) / room : 1;
  }

  /** Where the lifelines stand. */
  lines() {
    if (this.isNarrow) return { left: 92, right: this.width - 20 };
    const note = Math.min(190, Math.max(120, this.width * 0.19));
    return { left: 84 + note, right: this.width - note };
  }

  /** @param {number} i */
  y(i) {
    return this.ladder.y[i] + PAD.top - this.top;
  }

  /** Chooses a segment and brings it into view. @param {number} i @param {boolean} [open] */
  pick(i, open = false) {
    const { ladder } = this;
    if (!this.columns || i < 0 || i >= this.columns.count) return;
    const y = this.y(i);
    const bottom = this.half ? this.height * 0.4 : this.height - PAD.bottom;
    if (y < PAD.top || y > bottom) {
      const wanted = Math.max(0, ladder.y[i] + PAD.top - bottom / 2);
      if (this.scroller && !this.as_table) this.scroller.scrollTop = wanted / this.stretch;
    }
    this.dispatchEvent(new CustomEvent('pick', { detail: { segment: i, open } }));
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const { count } = this.columns ?? { count: 0 };
    const inView = () => this.ladder.from(this.top);
    const at = this.picked < 0 ? inView() - 1 : this.picked;
    const to = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 })[event.key];
    if (to !== undefined) this.pick(Math.min(count - 1, Math.max(0, to)));
    else if (event.key === 'Enter' && this.picked >= 0) this.pick(this.picked, true);
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1} way */
  mark(way) {
    const from = this.picked >= 0 ? this.picked : this.ladder.from(this.top) - (way > 0 ? 1 : 0);
    this.pick(this.ladder.nextVerdict(from, way));
  }

  /** What stands beside a segment, at one end. @param {number} i @param {0 | 1} end */
  note(i, end) {
    const { ladder } = this;
    const state = ladder.newState(i, end);
    const verdicts = ladder.columns.end[i] === end ? ladder.verdicts(i) : [];
    if (!state && verdicts.length === 0) return nothing;
    const { left, right } = this.lines();
    const below = this.isNarrow;
    const x = end === 0 ? left + (below ? 10 : -14) : right + (below ? -10 : 14);
    const anchor = (end === 0) === below ? 'start' : 'end';
    const text = verdicts.map((name) => t(noticed(name))).join(' · ');
    return svg`<text class="note" x=${x} y=${this.y(i) + (below ? 17 : 4)} text-anchor=${anchor}>
      <tspan class="of-state">${state}</tspan>${state && text ? ' ' : ''}<tspan class="of-verdict">${text}</tspan>
    </text>`;
  }

  /** @param {number} i */
  segment(i) {
    const { left, right } = this.lines();
    const frame = this.ladder.frame(i);
    const isMarked = this.columns?.verdicts[i];
    return svg`<g class=${isMarked ? 'marked' : ''} data-segment=${i}>
      <text class="time" x=${this.isNarrow ? 74 : 78} y=${this.y(i) + 4} text-anchor="end">${secondsText(frame.sent_us ?? 0)}</text>
      ${arrow(frame, { from: frame.direction ? right : left, to: frame.direction ? left : right, y: () => this.y(i) }, {
        cursor: CURSOR,
        selected: i === this.picked,
        pointed: false,
        point: () => {},
        label_at: 0.5,
        label: arrowLabel(frame, true, right - left < 300),
        pick: () => this.pick(i, true),
      })}
      ${this.note(i, 0)} ${this.note(i, 1)}
    </g>`;
  }

  /** @param {number} from @param {number} to */
  lifelines(from, to) {
    const { left, right } = this.lines();
    const bands = [left, right].map((x, end) =>
      this.ladder
        .stateRuns(from, to, /** @type {0 | 1} */ (end))
        .filter(({ state }) => state !== 'CLOSED')
        .map((run) => bandMark(/** @type {any} */ (run), x, this.y(run.from), run.to < this.ladder.columns.count ? this.y(run.to) : this.y(run.to - 1) + PAD.bottom)),
    );
    return svg`${[left, right].map((x) => svg`<line class="life" x1=${x} x2=${x} y1="0" y2=${this.height}></line>`)} ${bands}`;
  }

  /** @param {number} from @param {number} to */
  folds(from, to) {
    const left = this.isNarrow ? 0 : 84;
    return this.ladder.folds
      .filter(({ index }) => index >= from && index <= to)
      .map(({ us, y }) => {
        const at = y + PAD.top - this.top;
        return svg`<g class="fold">
          <path d="M${left} ${at - 3}H${this.width}M${left} ${at + 3}H${this.width}"></path>
          <text x=${(this.lines().left + this.lines().right) / 2} y=${at + 4} text-anchor="middle">${t('fold', { time: timeText(us) })}</text>
        </g>`;
      });
  }

  heads() {
    const { left, right } = this.lines();
    const isNarrow = this.isNarrow;
    return svg`<g class="heads"><rect width=${this.width} height="28"></rect>
      <text x=${isNarrow ? 0 : left} y="18" text-anchor=${isNarrow ? 'start' : 'middle'}>${this.endpoints[0]}</text>
      <text x=${isNarrow ? this.width : right} y="18" text-anchor=${isNarrow ? 'end' : 'middle'}>${this.endpoints[1]}</text></g>`;
  }

  drawing() {
    const top = this.top - PAD.top;
    const seen = this.ladder.between(top - 60, top + this.height + 60);
    const count = this.ladder.columns.count;
    const [from, to] = [Math.max(0, seen.from - 1), Math.min(count, seen.to + 1)];
    return html`<div
      class="scroller"
      tabindex="0"
      role="group"
      aria-label=${t('capture-ladder-hint')}
      @keydown=${this.keys}
      @scroll=${(/** @type {Event} */ event) => (this.top = /** @type {HTMLElement} */ (event.target).scrollTop * this.stretch)}
    >
      <div class="paper" style="height:${Math.min(this.paper_px, PAPER_PX_MAX)}px">
        <svg style="height:${this.height}px" role="img" aria-label=${t('capture-ladder-picture')}>
          ${this.folds(from, to)} ${this.lifelines(from, to)} ${Array.from({ length: to - from }, (_, i) => this.segment(from + i))}
          ${this.heads()}
        </svg>
      </div>
    </div>`;
  }

  /** A page of the table: the one with the chosen segment, or where the ladder stands. */
  table() {
    const { columns, ladder } = this;
    const count = columns?.count ?? 0;
    const from = Math.floor(Math.max(0, this.picked) / TABLE_ROWS) * TABLE_ROWS;
    const to = Math.min(count, from + TABLE_ROWS);
    const page = (/** @type {number} */ at, /** @type {string} */ id) =>
      html`<button class="plain" ?disabled=${at < 0 || at >= count} @click=${() => this.pick(at)}>${t(id)}</button>`;
    return html`<div class="pages">
        <p>${t('capture-rows', { from: from + 1, to, of: count })}</p>
        ${page(from - TABLE_ROWS, 'capture-rows-before')} ${page(from + TABLE_ROWS, 'capture-rows-after')}
      </div>
      <div class="scroller" tabindex="0" role="group" aria-label=${t('capture-ladder')}>
        <table>
          <caption class="hidden">${t('capture-ladder')}</caption>
          <thead>
            <tr>
              ${['column-time', 'column-from', 'column-what', 'capture-column-noticed', 'capture-column-states', 'capture-column-rtt'].map((id) => html`<th scope="col">${t(id)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${Array.from({ length: to - from }, (_, row) => from + row).map((i) => {
              const frame = ladder.frame(i);
              const rtt = columns?.rtt_us[i];
              return html`<tr class=${i === this.picked ? 'lit' : ''} data-segment=${i}>
                <td class="mono time">${secondsText(frame.sent_us ?? 0)}</td>
                <td class="mono">${this.endpoints[frame.direction]}</td>
                <td><button class="plain mono" @click=${() => this.pick(i, true)}>${frameText(frame, true)}</button></td>
                <td>${ladder.verdicts(i).map((name) => t(noticed(name))).join(' · ')}</td>
                <td class="mono">${ladder.state(i, 0)} ${ladder.state(i, 1)}</td>
                <td class="mono">${rtt ? timeText(rtt) : ''}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>`;
  }

  /** What a listener hears of the chosen segment. */
  said() {
    if (this.picked < 0 || !this.columns) return '';
    const frame = this.ladder.frame(this.picked);
    const what = [frameText(frame, true), ...this.ladder.verdicts(this.picked).map((name) => t(noticed(name)))].join(', ');
    const [from, to] = frame.direction === 0 ? this.endpoints : [this.endpoints[1], this.endpoints[0]];
    return t('capture-says', { number: this.picked + 1, time: secondsText(frame.sent_us ?? 0), from, to, what });
  }

  /** @param {number} factor */
  scale(factor) {
    this.zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, this.zoom * factor));
  }

  render() {
    return html`<div class="tools">
        <h2>${t('ladder')}</h2>
        <button class="plain" data-mark="-1" @click=${() => this.mark(-1)}>${t('capture-previous')}</button>
        <button class="plain" data-mark="1" @click=${() => this.mark(1)}>${t('capture-next')}</button>
        <button class="plain" aria-label=${t('zoom-out')} @click=${() => this.scale(1 / 2)}>−</button>
        <button class="plain" aria-label=${t('zoom-in')} @click=${() => this.scale(2)}>+</button>
        <button class="plain" aria-pressed=${this.as_table} @click=${() => (this.as_table = !this.as_table)}>${t('capture-table')}</button>
      </div>
      ${this.as_table ? this.table() : this.drawing()}
      <p class="hidden" role="status" aria-live="polite">${this.said()}</p>`;
  }
}

customElements.define('lab-capture-ladder', LabCaptureLadder);

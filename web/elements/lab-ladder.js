/**
 * The ladder: time goes down, the lifelines stand side by side, each frame is an arrow between them. It stays when all motion is
 * over. Only what lies in view is found and drawn, so a run of a hundred thousand frames costs no more than one of ten.
 */
import { html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import './lab-branches.js';
import { ladderStyles } from './lab-ladder-styles.js';
import { t } from '../i18n/index.js';
import { bothActive } from '../model/activity.js';
import { clockText } from '../model/format.js';
import { LadderView } from '../model/ladder-view.js';
import { ROW_PX, inView, lanesOf, narrowEdges } from '../model/lanes.js';
import { clearCanvas, colouredStyles, coloursOf, followColours } from '../views/colours.js';
import { drawLines, drawShades, lineAt } from '../views/ladder-canvas.js';
import { drawFlag, drawNow, drawPane, drawRuler } from '../views/ladder-paper.js';
import { paneArrows, paneHeads, paneLifelines, paneNotes, paneTimers, parting } from '../views/ladder-pane.js';
import { nowFlag } from '../views/ladder-marks.js';
import { RULER_PX, rulerMarks, rulerOf } from '../views/ladder-ruler.js';
import { ladderTable } from '../views/ladder-table.js';
import { nodeName } from '../views/node-name.js';
import { Scrolled } from '../views/scrolled.js';

/** @typedef {import('../views/ladder-pane.js').Pane} Pane */
/** @typedef {ReturnType<typeof inView>} InView */

const ZOOM_STEP = 1.5;
/** Heights are counted from a place that moves only when the view has moved so far. */
const BASE_PX = 4096;
/** A hand that moves no more than this has only clicked. */
const CLICK_PX = 5;
const KEY_PX = 60;
/** Two runs beside each other need so much. */
const TWO_PX = 560;

export class LabLadder extends LabElement {
  static moves = true;
  static beat = 0b0101;
  static properties = {
    width: { state: true },
    height: { state: true },
    as_table: { state: true },
    rows_end: { state: true },
    chosen: { state: true },
  };
  static styles = [LabElement.styles, ladderStyles, colouredStyles];

  constructor() {
    super();
    this.width = 700;
    this.height = 400;
    this.view = new LadderView();
    this.as_table = false;
    /** Where the table's page ends; null: at the cursor. @type {number | null} */
    this.rows_end = null;
    /** Nodes whose lifelines are drawn; null: those on the way between the two ends. @type {number[] | null} */
    this.chosen = null;
    this.size = new SizeOf(
      this,
      ({ width, height }) => {
        this.width = width;
        this.height = height;
      },
      () => this.scroller,
    );
    /** What was drawn last, for the canvas and for hands. @type {{pane: Pane, in_view: InView}[]} */
    this.drawn = [];
    this.base = 0;
    this.scrolled = new Scrolled();
    /** When something happens in either of two runs. */
    this.joint = { key: '', of: this.view.folds.activity, activity: this.view.folds.activity };
    /** The table's row that was last brought into view. */
    this.row_seen = '';
    /** A hand on the paper. @type {{id: number, y: number, moved: boolean} | null} */
    this.hand = null;
    /** How far two fingers are apart. */
    this.pinch_px = 0;
    followColours(this);
  }

  get scroller() {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.scroller'));
  }

  updated() {
    const { scroller } = this;
    if (scroller && this.as_table) this.followRow(scroller);
    else if (scroller) {
      this.scrolled.to(scroller, this.view.scroll_top, this.view.scroll_px);
      this.paint();
    }
  }

  /** The table's row at the cursor comes into view, when the table opens and when time moves. @param {HTMLElement} scroller */
  followRow(scroller) {
    const row = /** @type {HTMLElement | null} */ (scroller.querySelector('[aria-current]'));
    const frame = row?.dataset.frame ?? '';
    if (!row || frame === this.row_seen) return;
    this.row_seen = frame;
    scroller.scrollTop = row.offsetTop - scroller.clientHeight / 2;
  }

  get isNarrow() {
    return this.width < 560;
  }

  /** The nodes that have a lifeline, from left to right. */
  get nodes() {
    return this.chosen ?? this.app.session.topology.path(0, 1);
  }

  /** Where the lifelines of a pane stand, and how many bands have room beside one. @param {{left: number, right: number}} edges @param {boolean} narrow @param {import('../model/run-index.js').RunIndex} index */
  lanes(edges, narrow, index) {
    const { nodes } = this;
    if (narrow) {
      const { left, right, most } = narrowEdges(edges, Math.max(index.notesOf(nodes[0]).lanes, index.notesOf(nodes[nodes.length - 1]).lanes));
      return { lanes: lanesOf(nodes, left, right), most };
    }
    const margin = Math.min(136, Math.max(96, (edges.right - edges.left + RULER_PX) * 0.24 - RULER_PX));
    return { lanes: lanesOf(nodes, edges.left + margin, edges.right - margin + 20), most: Infinity };
  }

  /** The runs that are drawn. @param {ReturnType<LabLadder['beside']>['other']} other @returns {Pane[]} */
  panes(other) {
    const { app, view, base } = this;
    const shared = {
      ...{ app, opening_id: app.session.opening_id, seen: view.seen() },
      view: { top: view.top - base, bottom: view.top - base + this.height },
      y: (/** @type {number} */ t_us) => view.axis.toPx(t_us) + view.pad_top - base,
    };
    return [
      ...(other ? [{ ...shared, ...other, running: [], live: false, ...this.paneAt(0, 2, other.index) }] : []),
      { ...shared, record: app.record, index: app.timeline.index, cursor: app.cursor, running: app.state.timers, live: true, ...this.paneAt(other ? 1 : 0, other ? 2 : 1, app.timeline.index) },
    ];
  }

  /** Where one of so many panes stands. @param {number} at @param {number} of @param {import('../model/run-index.js').RunIndex} index of what is drawn in it */
  paneAt(at, of, index) {
    const right = this.isNarrow ? this.width : this.width - (of > 1 ? 0 : RULER_PX);
    const width = (right - RULER_PX) / of;
    const edges = { left: RULER_PX + at * width, right: RULER_PX + (at + 1) * width };
    const narrow = this.isNarrow || of > 1;
    return { edges, narrow, ...this.lanes(edges, narrow, index) };
  }

  /** The run beside the current one, where there is room for both, and the time both are drawn on. */
  beside() {
    const { app } = this;
    const other = app.lesson || this.width < TWO_PX ? null : app.session.branches.other;
    if (!other) return { other: null, activity: app.timeline.index.activity, end_us: app.timeline.end_us };
    const [a, b] = [app.timeline.index.activity, other.index.activity];
    const key = `${other.id} ${a.count} ${a.end_us} ${b.count}`;
    if (this.joint.key !== key || this.joint.of !== a) this.joint = { key, of: a, activity: bothActive(a, b) };
    return { other, activity: this.joint.activity, end_us: Math.max(app.timeline.end_us, other.end_us) };
  }

  /** Lays out this moment. */
  lay() {
    const { app, view } = this;
    const { other, activity, end_us } = this.beside();
    view.height = this.height;
    view.has_heads = this.nodes.length > 2 || other !== null;
    view.lay(activity, end_us, app.cursor.t_us);
    this.base = Math.floor(view.top / BASE_PX) * BASE_PX;
    this.drawn = this.panes(other).map((pane) => ({ pane, in_view: inView(pane.index, pane.seen) }));
  }

  /** @param {number} base from where heights are counted */
  ruler(base) {
    return rulerOf(this.view, base, this.drawn[this.drawn.length - 1].pane.lanes.x, this.width);
  }

  /** Are frames few enough to be arrows, in all runs? Else what all runs have in common is on the canvas. */
  get isMarks() {
    return this.drawn.every(({ in_view }) => in_view.as === 'arrows');
  }

  /** @param {{pane: Pane, in_view: InView}} drawn */
  pane({ pane, in_view }) {
    const isMarks = in_view.as === 'arrows';
    const chosen = pane.live ? pane.record.by_frame.get(this.app.lit) : undefined;
    const single = isMarks ? in_view.frames : chosen ? [chosen] : [];
    return svg`<g>${isMarks ? paneLifelines(pane) : nothing} ${paneArrows(pane, single)} ${isMarks ? [paneTimers(pane), paneNotes(pane)] : nothing}</g>`;
  }

  /** What is told of what is not drawn one by one, and what an empty ladder is for. */
  hint() {
    const { app } = this;
    if (app.timeline.index.ways.length === 0) return html`<p class="hint">${t('ladder-empty')}</p>`;
    const shaded = this.drawn.some(({ in_view }) => in_view.as === 'shades');
    return shaded ? html`<p class="hint low">${t('ladder-shades')}</p>` : nothing;
  }

  drawing() {
    this.lay();
    const { view, base } = this;
    const { cursor } = this.app;
    const now = view.axis.toPx(cursor.t_us) + view.pad_top - base;
    const { isMarks } = this;
    const isStill = !isMarks && !this.app.lit && this.drawn.length === 1; // there is nothing in it then
    return html`<div
      class="scroller"
      tabindex="0"
      role="group"
      aria-label=${t('ladder-hint')}
      aria-keyshortcuts="+ - 0"
      @scroll=${this.onScroll}
      @wheel=${this.onWheel}
      @keydown=${this.onKey}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onUp}
      @pointerleave=${() => this.app.point(0)}
      @click=${this.onClick}
      @touchstart=${this.onTouch}
      @touchmove=${this.onTouch}
    >
      <div class="paper">
        <div class="window" style="height:${this.height}px">
          <canvas aria-hidden="true" style="width:${this.width}px;height:${this.height}px"></canvas>
          <svg role="img" aria-label=${t('ladder-picture')}>
            <g transform="translate(0 ${isStill ? 0 : base - view.top})">
              ${isMarks ? svg`${rulerMarks(this.ruler(base))}<line class="now" x1=${RULER_PX} x2=${this.width} y1=${now} y2=${now}></line>` : nothing}
              ${this.drawn.map((each) => this.pane(each))} ${this.drawn.length > 1 ? parting(this.app, this.drawn[0].pane, this.width) : nothing}
              ${isMarks ? nowFlag(now, clockText(cursor.t_us), RULER_PX) : nothing}
            </g>
            ${this.drawn.map(({ pane }) => paneHeads(pane, this.drawn.length > 1))}
          </svg>
          ${this.hint()}
        </div>
      </div>
    </div>`;
  }

  /** What is too much for marks, and then all that is beside it. */
  paint() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector('canvas'));
    const { isMarks, view, width, height } = this;
    if (!canvas || (isMarks && canvas.hidden)) return;
    canvas.hidden = isMarks;
    if (isMarks) return;
    const context = clearCanvas(canvas, width, height);
    const colours = coloursOf(this);
    const { t_us } = this.app.cursor;
    const now = view.y(t_us);
    const times = Array.from({ length: Math.ceil(height / ROW_PX) + 1 }, (_, row) => view.axis.toUs(row * ROW_PX + view.top - view.pad_top));
    const many = this.drawn
      .filter(({ in_view }) => in_view.as !== 'arrows')
      .map(({ pane, in_view }) => ({ in_view, pane: { ...pane, view: { top: 0, bottom: height }, y: (/** @type {number} */ at_us) => view.y(at_us) } }));
    for (const { pane, in_view } of many) {
      if (in_view.frames) drawLines(context, pane, in_view.frames, colours);
      else drawShades(context, pane, times, view.y(pane.cursor.t_us), colours);
    }
    drawRuler(context, this.ruler(view.top), colours);
    drawNow(context, { y: now, from: RULER_PX, to: width }, colours);
    for (const { pane } of many) drawPane(context, pane, colours);
    drawFlag(context, now, clockText(t_us), RULER_PX, colours);
  }

  // ---- Hands ---------------------------------------------------------------------------------------

  /** @param {number} factor @param {number} [at_px] */
  zoom(factor, at_px) {
    this.view.zoom(factor, at_px);
    this.requestUpdate();
  }

  /** @param {number} by_px */
  pan(by_px) {
    this.view.pan(by_px);
    this.requestUpdate();
  }

  /** @param {'follow' | 'fit'} mode */
  setMode(mode) {
    this.view.mode = mode;
    this.scrolled.ready();
    this.requestUpdate();
  }

  onScroll() {
    const px = this.scroller && this.scrolled.look(this.scroller);
    if (px !== null && this.view.scrolled(px)) this.requestUpdate();
  }

  /** Where a hand is, in the view. @param {{clientX: number, clientY: number}} at */
  place({ clientX, clientY }) {
    const { left, top } = /** @type {HTMLElement} */ (this.scroller).getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** With ctrl, as pinching a touchpad is told, it is larger or smaller. @param {WheelEvent} event */
  onWheel(event) {
    const isZoom = event.ctrlKey || event.metaKey;
    if (!isZoom && this.view.stretch <= 1) return this.scrolled.ready();
    event.preventDefault();
    const px = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    if (isZoom) this.zoom(Math.exp(-Math.max(-60, Math.min(60, px)) / 120), this.place(event).y);
    else this.pan(px);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = this.height * 0.9;
    const action = /** @type {Record<string, () => void>} */ ({
      '+': () => this.zoom(ZOOM_STEP),
      '=': () => this.zoom(ZOOM_STEP),
      '-': () => this.zoom(1 / ZOOM_STEP),
      '0': () => this.setMode('fit'),
      ArrowDown: () => this.pan(KEY_PX),
      ArrowUp: () => this.pan(-KEY_PX),
      PageDown: () => this.pan(page),
      PageUp: () => this.pan(-page),
      Home: () => this.pan(-Infinity),
      End: () => this.pan(Infinity),
    })[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** A mouse drags the paper; a finger scrolls it as it does any page. @param {PointerEvent} event */
  onDown(event) {
    this.scrolled.ready();
    if (event.button === 0 && event.pointerType === 'mouse') this.hand = { id: event.pointerId, y: event.clientY, moved: false };
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    const { hand } = this;
    if (!hand) return this.pointAt(event);
    const by = event.clientY - hand.y;
    if (!hand.moved && Math.abs(by) <= CLICK_PX) return;
    if (!hand.moved) this.scroller?.setPointerCapture(hand.id);
    hand.moved = true;
    hand.y = event.clientY;
    this.pan(-by);
  }

  /** @param {PointerEvent} event */
  onUp(event) {
    if (!this.hand || event.pointerId !== this.hand.id) return;
    // The click that ends a drag comes after this and means nothing.
    const { moved } = this.hand;
    this.hand = null;
    if (moved) this.scroller?.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true });
  }

  /** The frame that a hand is on where frames are only lines. @param {{clientX: number, clientY: number}} at */
  frameAt(at) {
    const { x, y } = this.place(at);
    for (const { pane, in_view } of this.drawn) {
      if (in_view.as !== 'lines' || !pane.live) continue;
      const frame = lineAt({ ...pane, y: (t_us) => this.view.y(t_us) }, in_view.frames, x, y);
      if (frame) return frame.frame;
    }
    return 0;
  }

  /** @param {MouseEvent} event */
  pointAt(event) {
    if (this.drawn.some(({ in_view }) => in_view.as === 'lines')) this.app.point(this.frameAt(event));
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const frame = this.frameAt(event);
    if (frame) this.app.select(frame, true);
  }

  /** Two fingers make it larger or smaller. @param {TouchEvent} event */
  onTouch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = [...event.touches].map((touch) => this.place(touch));
    const apart = Math.hypot(a.x - b.x, a.y - b.y);
    if (event.type === 'touchmove' && this.pinch_px > 0) this.zoom(apart / this.pinch_px, (a.y + b.y) / 2);
    this.pinch_px = apart;
  }

  // ---- Tools ---------------------------------------------------------------------------------------

  /** Which nodes have a lifeline. */
  lifelineMenu() {
    const { nodes } = this.app.session;
    if (nodes.length <= 2) return nothing;
    const shown = this.nodes;
    const toggle = (/** @type {number} */ node) => {
      const on = shown.includes(node) ? shown.filter((each) => each !== node) : [...shown, node];
      const far = this.app.session.topology.distances(0);
      const place = (/** @type {number} */ each) => (each === 1 ? Infinity : far[each]);
      if (on.length >= 2) this.chosen = on.sort((a, b) => place(a) - place(b) || a - b);
      else this.requestUpdate();
    };
    return html`<details class="menu">
      <summary>${t('ladder-lifelines')}</summary>
      <div>
        ${nodes.map(({ name }, node) => html`<label><input type="checkbox" .checked=${shown.includes(node)} @change=${() => toggle(node)} />${nodeName(name)}</label>`)}
      </div>
    </details>`;
  }

  tools() {
    const { app } = this;
    const mode = (/** @type {'follow' | 'fit'} */ name) =>
      html`<button class="plain" aria-pressed=${this.view.mode === name} @click=${() => this.setMode(name)}>
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
      <button class="plain" aria-label=${t('zoom-out')} @click=${() => this.zoom(1 / ZOOM_STEP)}>−</button>
      <button class="plain" aria-label=${t('zoom-in')} @click=${() => this.zoom(ZOOM_STEP)}>+</button>
      <button class="plain" aria-pressed=${this.as_table} @click=${() => this.toggleTable()}>${t('ladder-table')}</button>
      ${this.lifelineMenu()}
    </div>`;
  }

  toggleTable() {
    this.as_table = !this.as_table;
    this.rows_end = null;
    this.row_seen = '';
  }

  render() {
    const page = (/** @type {number | null} */ end) => (this.rows_end = end);
    return html`${this.tools()} <lab-branches .app=${this.app}></lab-branches> ${this.as_table ? ladderTable(this.app, this.rows_end, page) : this.drawing()}`;
  }
}

customElements.define('lab-ladder', LabLadder);

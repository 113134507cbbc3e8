/**
 * Graphs over time, all with the same time axis: what was sent and acknowledged, windows, round trips, rates, queues.
 * A click goes to that moment; dragging over a stretch takes a closer look at it. What is pointed at in another view
 * is lit here, and the other way round.
 */
import { css, html } from 'lit';
import uPlot from 'uplot';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { plotOptions } from '../views/graph-plot.js';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { GRAPHS, amountText, inColumns, pointsOf, tracksOf } from '../model/graphs.js';
import { howOften } from '../model/seldom.js';
import { otherEnd, shownConnection } from '../model/select.js';
import { RunSeries, valueAt } from '../model/series.js';
import { firstNot } from '../model/time-index.js';

/** @typedef {import('../model/graphs.js').Line} Line */

const HEIGHTS = /** @type {Record<string, number>} */ ({ sequence: 220 });
const HEIGHT = 128;
/** While time goes on, all are drawn as often as this for each of them lets; when they take long, more seldom. */
const EACH_MS = 16;
/** What falls into one column is drawn as what it reaches. */
const COLUMN_PX = 1.5;
/** A segment this near to the mouse is meant. */
const NEAR_PX = 14;

export class LabGraphs extends LabElement {
  static properties = { width: { state: true }, sender: { state: true }, range: { state: true }, hover_us: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: block;
      }
      .tools {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 0 8px;
        margin: -4px 0 8px -6px;
      }
      .tools .zoom {
        margin-left: auto;
        display: flex;
      }
      .hint {
        margin-bottom: 8px;
      }
      figure {
        margin-bottom: 16px;
      }
      figcaption {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 16px;
      }
      figcaption b {
        font-weight: 600;
      }
      figcaption span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        font-size: var(--text-s);
        color: var(--second);
        white-space: nowrap;
      }
      figcaption .mono {
        color: var(--ink);
      }
      figcaption svg {
        width: 20px;
        height: 10px;
      }
      .plot {
        min-height: ${HEIGHT}px;
      }
      /* The plotter's own parts, as far as they are used. */
      .uplot {
        width: min-content;
      }
      .u-wrap {
        position: relative;
        user-select: none;
      }
      .u-wrap > div,
      .u-over > * {
        position: absolute;
      }
      .u-wrap > canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .u-over {
        cursor: crosshair;
      }
      .u-over > * {
        left: 0;
        top: 0;
        pointer-events: none;
      }
      .u-select {
        background: var(--mark-tint);
        opacity: 0.6;
      }
      .u-cursor-x {
        height: 100%;
        border-right: 1px dashed var(--ink);
      }
      .u-cursor-y {
        width: 100%;
        border-bottom: 1px dashed var(--second);
      }
      .u-off {
        display: none;
      }
    `,
  ];

  constructor() {
    super();
    this.width = 0;
    this.sender = 0;
    /** The stretch looked at, in seconds; null: all. @type {{min: number, max: number} | null} */
    this.range = null;
    /** The time under the mouse; null: it is elsewhere. @type {number | null} */
    this.hover_us = null;
    this.far = { events: 0, t_us: 0 };
    this.series = new RunSeries();
    /** @type {Map<string, uPlot>} */
    this.plots = new Map();
    /** What is drawn: of which moment, and when that began. While time goes on it is drawn so often; when that takes long, more seldom. */
    this.drawn = { key: '', at_ms: 0, every_ms: 0, now_us: 0, isNew: true, range: { min: 0, max: 0.1 } };
    /** Graphs that are still to be drawn of it: one in each frame of an animation. @type {import('../model/graphs.js').Graph[]} */
    this.due = [];
    this.tracks = { key: '', of: /** @type {Record<string, import('../model/series.js').Track>} */ ({}) };
    /** @type {Map<string, string>} */
    this.colours = new Map();
    this.size = new SizeOf(this, ({ width }) => (this.width = Math.floor(width)));
    this.theme = new MutationObserver(() => this.recolour());
  }

  connectedCallback() {
    super.connectedCallback();
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.theme.disconnect();
    for (const plot of this.plots.values()) plot.destroy();
    this.plots.clear();
  }

  recolour() {
    this.colours.clear();
    for (const plot of this.plots.values()) plot.redraw(false, true);
  }

  /** @param {string} name */
  colour(name) {
    let value = this.colours.get(name);
    if (value === undefined) this.colours.set(name, (value = getComputedStyle(this).getPropertyValue(name).trim()));
    return value;
  }

  /** How far the graphs reach: to the last thing that happened on the link, and as far as one has been; looking back leaves them as they are. */
  get end_us() {
    const { record, cursor, timeline } = this.app;
    if (timeline.log.length < this.far.events) this.far.t_us = 0; // another future
    this.far = { events: timeline.log.length, t_us: Math.max(this.far.t_us, cursor.t_us) };
    return Math.max(100_000, this.far.t_us, record.frames.at(-1)?.arrival_us ?? 0) * 1.02;
  }

  /** The stretch in view, in seconds. */
  get shown() {
    return this.range ?? { min: 0, max: this.end_us / 1e6 };
  }

  /** The series of the sending end, and the receiver's. */
  look() {
    const { app, sender } = this;
    this.series.follow(app.timeline.log);
    const connection = shownConnection(app.state, sender);
    const peer = connection && otherEnd(app.state, connection);
    const own = connection && this.series.of.get(connection.key);
    return { own, peer: peer && this.series.of.get(peer.key), key: connection?.key ?? '' };
  }

  /** Is what is drawn new enough, or being drawn? */
  get isFresh() {
    return this.app.timeline.playing && (this.due.length > 0 || performance.now() - this.drawn.at_ms < this.drawn.every_ms);
  }

  /** The lines' points, worked out anew when there are more. */
  lines() {
    if (this.isFresh && this.tracks.key) return this.tracks.of;
    const { own, peer, key } = this.look();
    const { log } = this.app.timeline;
    const now = `${log.length} ${log.at(-1)?.t_us} ${key} ${this.end_us}`;
    if (now !== this.tracks.key) this.tracks = { key: now, of: tracksOf(own, peer, this.series.queues, this.end_us) };
    return this.tracks.of;
  }

  /** @returns {import('../views/graph-plot.js').Around} */
  around() {
    const { app } = this;
    return {
      colour: (name) => this.colour(name),
      moment: () => {
        const { own } = this.look();
        const lit = app.record.by_frame.get(app.lit);
        return {
          now_us: this.drawn.now_us,
          lit: app.lit,
          lit_us: lit?.sent_us ?? null,
          segments: own?.segments ?? [],
          sacks: own?.sacks ?? [],
        };
      },
      seek: (t_us) => app.seek(Math.min(Math.max(0, t_us), app.timeline.end_us)),
      hover: (u) => this.hover(u),
      range: () => this.drawn.range,
      zoom: (min, max) => (this.range = Number.isNaN(min) ? null : { min, max }),
    };
  }

  /** What is under the mouse: the time in all graphs, the segment in the first. @param {uPlot} u */
  hover(u) {
    const { left = -1, top = -1 } = u.cursor;
    this.hover_us = left >= 0 ? u.posToVal(left, 'x') * 1e6 : null;
    if (u !== this.plots.get('sequence') || top < 0) return;
    if (left < 0) {
      this.app.point(0);
      return;
    }
    const segments = this.look().own?.segments ?? [];
    const [from_us, to_us] = [left - NEAR_PX, left + NEAR_PX].map((px) => u.posToVal(px, 'x') * 1e6);
    const first = firstNot(segments.length, (i) => segments[i].t_us < from_us);
    const near = segments
      .slice(first, first + firstNot(segments.length - first, (i) => segments[first + i].t_us <= to_us))
      .map((mark) => ({ mark, px: Math.abs(u.valToPos(mark.t_us / 1e6, 'x') - left) }))
      .filter(({ mark, px }) => {
        const [y0, y1] = [u.valToPos(mark.to, 'y') - NEAR_PX, u.valToPos(mark.from, 'y') + NEAR_PX];
        return px < NEAR_PX && top >= y0 && top <= y1;
      })
      .sort((a, b) => a.px - b.px)[0];
    this.app.point(near?.mark.frame ?? 0);
  }

  updated() {
    if (this.width === 0) return;
    if (!this.isFresh) this.begin();
    const { playing } = this.app.timeline;
    for (let graph; (graph = this.due.shift()); ) {
      const begun_ms = performance.now();
      this.draw(graph);
      this.drawn.every_ms += howOften(EACH_MS, performance.now() - begun_ms);
      if (playing) break;
    }
    if (this.due.length > 0) this.hear('flow'); // the next one has its turn
  }

  /** All are to be drawn, of this moment. */
  begin() {
    this.lines();
    const { shown } = this;
    const key = `${this.tracks.key} ${shown.min} ${shown.max} ${this.width}`;
    this.drawn = { key, at_ms: performance.now(), every_ms: 0, now_us: this.app.cursor.t_us, isNew: key !== this.drawn.key || this.due.length > 0, range: shown };
    this.due = [...GRAPHS];
  }

  /** @param {import('../model/graphs.js').Graph} graph */
  draw(graph) {
    const height = HEIGHTS[graph.name] ?? HEIGHT;
    const { isNew, range } = this.drawn;
    let plot = this.plots.get(graph.name);
    if (!plot) {
      const box = /** @type {HTMLElement} */ (this.renderRoot.querySelector(`#plot-${graph.name}`));
      plot = new uPlot(plotOptions(graph, { width: this.width, height, around: this.around() }), undefined, box);
      this.plots.set(graph.name, plot);
    }
    if (plot.width !== this.width) plot.setSize({ width: this.width, height });
    plot.batch((/** @type {uPlot} */ u) => {
      if (!isNew && u.data[0].length > 0) return u.redraw(false, false);
      const view = { from_us: range.min * 1e6, to_us: range.max * 1e6, columns: this.width / COLUMN_PX };
      const tracks = Object.fromEntries(graph.lines.map(({ name }) => [name, this.tracks.of[name]]));
      u.setData(/** @type {any} */ (pointsOf(graph, inColumns(tracks, view), Math.min(this.end_us, view.to_us))));
    });
  }

  /** @param {Line} line @param {Record<string, import('../model/series.js').Track>} tracks */
  legend(line, tracks) {
    const at_us = this.hover_us ?? this.app.cursor.t_us;
    const track = tracks[line.name];
    const value = track ? valueAt(track, at_us) : null;
    const style = { dash: '6 4', dots: '0.1 6', solid: '', thin: '', area: '' }[line.look];
    return html`<span>
      <svg aria-hidden="true">
        ${line.look === 'area' ? html`<svg><rect x="0" y="1" width="20" height="9" style="fill:var(--transport-tint);stroke:var(--transport)"></rect></svg>` : html`<svg><line x1="1" x2="19" y1="5" y2="5" stroke-linecap=${line.look === 'dots' ? 'round' : 'butt'} style="stroke:var(--${line.layer});stroke-width:${line.look === 'thin' ? 1 : line.look === 'dots' ? 5 : 2};stroke-dasharray:${style}"></line></svg>`}
      </svg>
      ${t(`line-${line.name}`)} <span class="mono">${amountText(value, line.unit)}</span>
    </span>`;
  }

  /** @param {number} factor */
  scale(factor) {
    const end = this.end_us / 1e6;
    const { min, max } = this.shown;
    const middle = Math.min(Math.max(this.app.cursor.t_us / 1e6, min), max);
    const half = ((max - min) * factor) / 2;
    this.range = half * 2 >= end ? null : { min: Math.max(0, middle - half), max: Math.min(end, middle + half) };
  }

  render() {
    const { app } = this;
    const tracks = this.lines();
    const way = (/** @type {number} */ node) =>
      html`<button class="plain" aria-pressed=${this.sender === node} @click=${() => (this.sender = node)}>
        ${t('seq-sends', { node: app.session.nodes[node].name })}
      </button>`;
    return html`<div class="tools">
        ${way(0)}${way(1)}
        <span class="zoom" role="group" aria-label=${t('graph-zoom')}>
          <button class="plain" aria-label=${t('zoom-out')} @click=${() => this.scale(2)}>−</button>
          <button class="plain" aria-label=${t('zoom-in')} @click=${() => this.scale(0.5)}>+</button>
          <button class="plain" aria-pressed=${this.range === null} @click=${() => (this.range = null)}>${t('ladder-fit')}</button>
        </span>
      </div>
      <p class="second hint">${t(this.look().own ? 'graph-hint' : 'graph-none')}</p>
      ${GRAPHS.map(
        (graph) =>
          html`<figure data-graph=${graph.name}>
            <figcaption>
              <b>${t(`graph-${graph.name}`)}</b>
              ${graph.lines.map((line) => this.legend(line, tracks))}
            </figcaption>
            <div class="plot" id="plot-${graph.name}" role="img" aria-label=${t(`graph-${graph.name}-picture`)}></div>
          </figure>`,
      )}
      <p class="second">${t('graph-at', { time: timeText(this.hover_us ?? app.cursor.t_us) })}</p>`;
  }
}

customElements.define('lab-graphs', LabGraphs);

/** Time: a scrubber with a tick for each event in its layer's colour, steps, play, speed. */
import { css, html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import './lab-deeds.js';
import { t } from '../i18n/index.js';
import { fitAxis } from '../model/axis.js';
import { clockText, speedText, timeText } from '../model/format.js';
import { SPEEDS } from '../model/app.js';
import { Journey, SHOWN_AFTER_MS } from '../model/journey.js';

/** @typedef {import('../model/journey.js').Search} Search */

const HEIGHT = 30;
/** While much happens, the ticks are drawn anew this often. */
const REDRAW_MS = 200;
/** A hand that has not moved so long rests. */
const RESTS_MS = 100;
/** Ticks of a layer stand so high, below those of the layer above: beside colour, place tells them apart. */
const ROW_PX = 5;
const TICK_PX = 2;
/** What programs do and what they ask of sockets share a row. */
const ROW = /** @type {Record<string, number>} */ ({ application: 0, socket: 0, transport: 1, internet: 2, link: 3 });

/**
 * The marks of a layer. Those that touch are one: where much happens there are few shapes, not a thousand.
 * @param {import('../model/time-index.js').TimeList} moments @param {number[]} ends_us where each pixel ends @param {number} y
 */
function tickPath(moments, ends_us, y) {
  let path = '';
  let begun = -1;
  let last = -1;
  const close = () => begun >= 0 && (path += `M${begun - TICK_PX / 2} ${y}H${last + TICK_PX / 2}v${ROW_PX}H${begun - TICK_PX / 2}z`);
  for (let x = 0, from = 0; x < ends_us.length && from < moments.length; x++) {
    const to = moments.before(ends_us[x], from);
    if (to === from) continue;
    if (begun < 0 || x - last > TICK_PX) {
      close();
      begun = x;
    }
    last = x;
    from = to;
  }
  close();
  return path;
}

export class LabPlayer extends LabElement {
  static moves = true;
  static beat = 0b0010;
  static properties = { width: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      section {
        position: relative;
      }
      .scrub {
        position: relative;
        height: ${HEIGHT}px;
        touch-action: none;
        cursor: pointer;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .application,
      .socket {
        fill: var(--application);
      }
      .transport {
        fill: var(--transport);
      }
      .internet {
        fill: var(--internet);
      }
      .link {
        fill: var(--link);
      }
      .track {
        stroke: var(--track);
        stroke-width: 4;
      }
      .passed {
        stroke: var(--ink);
        stroke-width: 4;
      }
      .fold {
        stroke: var(--paper);
        stroke-width: 6;
        stroke-dasharray: 2 3;
      }
      .loop {
        fill: none;
        stroke: var(--now-ground);
        stroke-width: 2;
      }
      .thumb {
        fill: var(--now);
        stroke: var(--paper);
        stroke-width: 2;
      }
      input {
        position: absolute;
        inset: 12px 0 0;
        width: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      .scrub:has(input:focus-visible) {
        outline: 2px solid var(--ink);
        outline-offset: 4px;
        border-radius: 2px;
      }
      .keys {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-top: 6px;
      }
      .keys button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .keys .play {
        min-width: 96px;
        justify-content: center;
        background: var(--ink);
        color: var(--paper);
        border-color: var(--ink);
        font-weight: 600;
      }
      .keys svg {
        position: static;
        width: 12px;
        height: 12px;
        fill: currentColor;
      }
      .speed {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        color: var(--second);
      }
      .speed select {
        color: var(--ink);
        padding: 2px 8px;
      }
      .now {
        font: 600 13px var(--mono);
        color: var(--now-ground);
        min-width: 6em;
      }
      .rest {
        flex: 1 1 0;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        text-align: right;
        color: var(--second);
        container: rest / inline-size;
      }
      /* Two words of a sentence tell nothing. */
      @container rest (max-width: 139px) {
        .rest span {
          display: none;
        }
      }
      .journey {
        display: flex;
        flex: 1 1 0;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 4px 8px;
        color: var(--second);
      }
      progress {
        width: 96px;
        accent-color: var(--now);
      }
      @container lab (max-width: 879px) {
        .speed .word {
          display: none;
        }
      }
      @container lab (max-width: 599px) {
        .keys {
          gap: 2px;
        }
        .keys button {
          padding: 3px 6px;
        }
        .keys .play {
          min-width: 64px;
        }
        .word {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .speed select {
          padding: 2px 4px;
        }
        .now {
          min-width: 0;
          margin-left: auto;
          font-size: 12px;
        }
        .rest {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.width = 600;
    this.size = new SizeOf(this, ({ width }) => (this.width = Math.max(100, width)));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.redraw = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    /** @type {{key: string, axis: import('../model/axis.js').Axis, ticks: unknown, at_ms: number, end_us: number} | null} */
    this.drawn = null;
  }

  /** The way to a far time goes on. */
  updated() {
    if (!this.app.timeline.journey) return;
    clearTimeout(this.redraw);
    this.redraw = setTimeout(() => this.requestUpdate(), SHOWN_AFTER_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.redraw);
    clearTimeout(this.resting);
  }

  /** The axis and its ticks change with events only, not with each frame of an animation. */
  scale() {
    const { timeline, record } = this.app;
    if (timeline.journey && this.drawn) return this.drawn;
    const end_us = Math.max(
      100_000,
      ...[timeline.end_us, record.end_us],
      ...record.frames.slice(-20).map((frame) => frame.arrival_us ?? 0),
    );
    const step_us = 10 ** Math.floor(Math.log10(end_us)) / 4;
    const shown_us = Math.ceil(end_us / step_us) * step_us;
    const key = `${timeline.log.length} ${timeline.at(timeline.log.length)?.id} ${shown_us} ${this.width}`;
    const isFresh =
      timeline.playing &&
      this.drawn !== null &&
      performance.now() - this.drawn.at_ms < REDRAW_MS &&
      this.drawn.end_us >= timeline.cursor.t_us;
    if (this.drawn === null || (this.drawn.key !== key && !isFresh)) {
      const axis = fitAxis(timeline.index.activity, shown_us, this.width);
      this.drawn = { key, axis, ticks: this.ticks(axis), at_ms: performance.now(), end_us: shown_us };
    }
    return this.drawn;
  }

  /** One mark for each pixel at which something happened in a layer, found by time and not by going through the run. @param {import('../model/axis.js').Axis} axis */
  ticks(axis) {
    const ends_us = Array.from({ length: Math.floor(this.width) + 1 }, (_, x) => axis.toUs(x + 0.5));
    return [...this.app.timeline.index.moments].map(([layer, moments]) => {
      const y = ROW[layer] * ROW_PX;
      return Number.isNaN(y) ? nothing : svg`<path class="tick ${layer}" d=${tickPath(moments, ends_us, y)}></path>`;
    });
  }

  /** While a hand drags, texts need not follow each of its steps; when it rests they are right. @param {Event} event */
  scrub(event) {
    const px = Number(/** @type {HTMLInputElement} */ (event.target).value);
    this.app.seek(Math.min(this.scale().axis.toUs(px), this.app.timeline.end_us), 'drag');
    clearTimeout(this.resting);
    this.resting = setTimeout(this.rested, RESTS_MS);
    this.requestUpdate(); // the thumb goes with the hand
  }

  rested = () => {
    clearTimeout(this.resting);
    this.app.changed();
  };

  /** Arrows step from event to event here as everywhere. @param {KeyboardEvent} event */
  keys(event) {
    if (!['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) return;
    event.preventDefault();
    this.app.step(event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? 'back' : 'on');
    event.stopPropagation();
  }

  track() {
    const { axis, ticks } = this.scale();
    const { cursor } = this.app;
    const x = Math.min(this.width, axis.toPx(cursor.t_us));
    const folds = axis.foldsBetween(0, this.width);
    return html`<div class="scrub">
      <svg aria-hidden="true">
        ${ticks}
        <line class="track" x1="0" x2=${this.width} y1="26" y2="26"></line>
        <line class="passed" x1="0" x2=${x} y1="26" y2="26"></line>
        ${this.loop(axis)}
        ${folds.map((fold) => svg`<line class="fold" x1=${fold.from_px} x2=${fold.to_px} y1="26" y2="26"></line>`)}
        <circle class="thumb" cx=${x} cy="26" r="8"></circle>
      </svg>
      <input
        type="range"
        min="0"
        max=${Math.round(this.width)}
        step="1"
        .value=${String(Math.round(x))}
        aria-label=${t('scrubber')}
        aria-valuetext=${timeText(cursor.t_us)}
        @input=${this.scrub}
        @change=${this.rested}
        @keydown=${this.keys}
      />
    </div>`;
  }

  /** The stretch that is played again and again. @param {import('../model/axis.js').Axis} axis */
  loop(axis) {
    const { loop } = this.app;
    if (!loop) return nothing;
    const [from, to] = [loop.from_us, loop.to_us ?? loop.from_us].map((t_us) => axis.toPx(t_us));
    return svg`<path class="loop" d="M${from + 4} 18h-4v16h4M${to - 4} 18h4v16h-4"></path>`;
  }

  /** The way to a far time, or to what is looked for, and how to end it. @param {Journey | Search} way */
  journey(way) {
    const told =
      way instanceof Journey
        ? html`<label>${t('journey', { time: clockText(way.to_us) })} <progress max="1" value=${way.share}></progress></label>`
        : html`<span>${t('search')}</span>`;
    return html`<span class="journey">
      ${told}
      <button data-key="journey-stop" @click=${() => this.app.pause()}>${t('journey-stop')}</button>
    </span>`;
  }

  rest() {
    const { timeline } = this.app;
    if (timeline.journey?.isShown) return this.journey(timeline.journey);
    if (timeline.playing) return nothing;
    if (timeline.cursor.id < timeline.log.length || timeline.isBusy) return nothing;
    const next = timeline.nextTime();
    if (next !== null && timeline.log.length === 0) return nothing;
    return html`<span class="rest"><span>${next === null ? t('rest') : t('rest-until', { time: timeText(next - timeline.cursor.t_us) })}</span></span>`;
  }

  render() {
    const { app } = this;
    const { playing, speed } = app.timeline;
    const icon = (/** @type {string} */ path) =>
      html`<svg viewBox="0 0 12 12" aria-hidden="true">${svg`<path d=${path}></path>`}</svg>`;
    return html`<section aria-label=${t('player')}>
      ${this.track()}
      <div class="keys">
        <button data-key="back" @click=${() => app.step('back')}>
          ${icon('M9 1v10L2 6z')}<span class="word">${t('step-back')}</span>
        </button>
        <button class="play" data-key="play" @click=${() => app.togglePlay()}>
          ${playing ? icon('M2 1h3v10H2zM7 1h3v10H7z') : icon('M2 1l9 5-9 5z')}${t(playing ? 'pause' : 'play')}
        </button>
        <button data-key="on" @click=${() => app.step('on')}>
          <span class="word">${t('step-on')}</span>${icon('M3 1v10l7-5z')}
        </button>
        <button data-key="segment" @click=${() => app.step('segment')}>
          <span class="word">${t('step-segment')}</span>${icon('M1 1v10l6-5zM8 1h2v10H8z')}
        </button>
        <label class="speed"
          ><span class="word">${t('speed')}</span>
          <select
            aria-label=${t('speed')}
            @change=${(/** @type {Event} */ e) => app.setSpeed(Number(/** @type {HTMLSelectElement} */ (e.target).value))}
          >
            ${SPEEDS.map((each) => html`<option value=${each} ?selected=${each === speed}>${speedText(each)}</option>`)}
          </select></label
        >
        <lab-deeds .app=${app}></lab-deeds>
        <span class="now">${clockText(app.cursor.t_us)}</span>
        ${this.rest()}
      </div>
    </section>`;
  }
}

customElements.define('lab-player', LabPlayer);

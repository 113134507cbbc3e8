/**
 * Between the hosts: the cable with the frames on it, and what a person can do to a frame. Frames move as physics has it, evenly; above the line to the right,
 * below it to the left.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { barWidth, bytesIn, frameBar, frameBarStyles } from '../views/frame-bar.js';
import { t } from '../i18n/index.js';
import { placeLabels } from '../model/frame-labels.js';
import { grabbed, onLinks, progress } from '../model/select.js';
import { frameText } from '../model/segment.js';
import { colouredStyles, coloursOf, followColours } from '../views/colours.js';
import { arrowLabel } from '../views/ladder-marks.js';
import { linkCaption } from '../views/link-caption.js';
import { barNear, paintBars } from '../views/wire-canvas.js';

/** How long "delay" holds a frame back: longer than a round trip, so that others pass it. */
const DELAY_MS = 50;
/** More labels than these would cover each other. */
export const LABELS_MAX = 3;
/** More frames than these are drawn together; the one that is chosen, or pointed at, stands out of them. */
const BUTTONS_MAX = 40;
/** A hand that moves no more than this has only clicked; this far from the line a frame falls off. */
const CLICK_PX = 5;
const OFF_PX = 28;
/** The cable reaches so far into the hosts' columns; frames fly above it to the right and below it to the left. */
export const OVER_PX = 16;
const RIGHT_Y = 34;
const LEFT_Y = 46;

/** Where a frame is drawn, and from where to where its label may reach. @typedef {{x: number, y: number, width: number, side: 'left' | 'right', room: [number, number]}} Spot */

export class LabWire extends LabElement {
  static moves = true;
  static drag = 0b1010;
  static properties = { held: { state: true }, width: { state: true }, canvas_size: { state: true } };
  /** @type {import('lit').CSSResultGroup} */
  static styles = [
    LabElement.styles,
    frameBarStyles,
    colouredStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      .caption {
        display: flex;
        justify-content: center;
        color: var(--second);
        font-size: var(--text-s);
      }
      .wire {
        position: relative;
        height: 80px;
        margin: 0 -16px;
      }
      .wire > canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        cursor: grab;
        touch-action: none;
      }
      .wire::before {
        content: '';
        position: absolute;
        left: 0;
        right: 0;
        top: 39px;
        border-top: 2px solid var(--ink);
      }
      .wire.down::before {
        border-top-style: dashed;
        border-color: var(--edge);
      }
      .ways {
        max-width: 100%;
        white-space: normal;
      }
      .ways > span {
        display: inline-block;
        margin-inline: 4px;
      }
      .frame {
        position: absolute;
        top: 40px;
        padding: 3px;
        border: 0;
        border-radius: 5px;
        min-height: 0;
        background: none;
        cursor: grab;
        touch-action: none;
        transform: translate(-50%, -50%);
        line-height: 1;
      }
      .frame .bar {
        width: 100%;
        height: 22px;
      }
      .frame:hover {
        background: none;
      }
      .frame[aria-pressed='true'] {
        background: var(--mark);
        box-shadow: 0 3px 10px rgb(0 0 0 / 25%);
        z-index: 2;
      }
      .frame.held {
        cursor: grabbing;
        z-index: 3;
      }
      .frame.off {
        opacity: 0.55;
        outline: 2px dashed var(--ink);
      }
      .label {
        position: absolute;
        left: calc(50% + var(--by, 0px));
        transform: translateX(-50%);
        padding: 0 4px;
        background: var(--paper);
        font: 600 12px / 16px var(--mono);
        white-space: nowrap;
        pointer-events: none;
      }
      .right .label {
        bottom: calc(100% + 2px);
      }
      .left .label {
        top: calc(100% + 2px);
      }
      .queue {
        position: absolute;
        top: 2px;
        font-size: var(--text-s);
        color: var(--second);
      }
      .hands {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        text-align: center;
        gap: 6px;
        min-height: 40px;
        margin-top: 0;
      }
      .hands button {
        min-height: 26px;
        padding: 2px 10px;
      }
      kbd {
        font: 12px var(--mono);
        color: var(--second);
        margin-left: 4px;
      }
      /* Beside the drawer they stay one row. */
      @container lab (min-width: 880px) and (max-width: 1099px) {
        .hands {
          gap: 4px;
        }
        .hands button {
          padding: 2px 6px;
        }
        kbd {
          display: none;
        }
      }
      @container lab (max-width: 599px) {
        .wire {
          height: 76px;
        }
        .hands {
          flex-wrap: nowrap;
          justify-content: safe center;
          gap: 4px;
          height: 36px;
          margin-top: 0;
          overflow-x: auto;
          scrollbar-width: none;
          font-size: var(--text-s);
          line-height: 16px;
        }
        .hands button {
          flex: none;
          padding: 2px 6px;
          font-size: var(--text-s);
        }
        kbd {
          display: none;
        }
      }
      @container lab (min-width: 600px) and (max-width: 879px) {
        .hands {
          order: -1;
          min-height: var(--above, 176px);
          align-content: center;
        }
        .caption {
          order: var(--caption, 1);
        }
      }
    `,
  ];

  constructor() {
    super();
    /** The frame that a finger or the mouse holds, and how far from the line. @type {{frame: number, from_y: number, by_px: number, moved: boolean} | null} */
    this.held = null;
    this.width = 0;
    this.size = new SizeOf(this, ({ width }) => (this.width = width));
    this.canvas_size = { width: 0, height: 0 };
    this.size_of_canvas = new SizeOf(
      this,
      ({ width, height }) => (this.canvas_size = { width, height }),
      () => this.canvas,
    );
    /** Frames that are too many for one button each, and where they are. @type {import('../views/wire-canvas.js').Bar[]} */
    this.bars = [];
    followColours(this);
  }

  get canvas() {
    return this.renderRoot.querySelector('canvas');
  }

  updated() {
    const { canvas } = this;
    if (canvas) paintBars(canvas, this.bars, coloursOf(this), this.canvas_size);
  }

  /** The frame of many that a hand is on; 0: none. @param {PointerEvent} event */
  barAt(event) {
    const canvas = /** @type {HTMLElement} */ (event.currentTarget);
    const { left, top } = canvas.getBoundingClientRect();
    return barNear(this.bars, event.clientX - left, event.clientY - top)?.frame.frame ?? 0;
  }

  /** Frames that are too many for buttons. @param {import('../views/wire-canvas.js').Bar[]} bars */
  many(bars) {
    this.bars = bars;
    if (bars.length === 0) return nothing;
    return html`<canvas
      aria-hidden="true"
      @pointerdown=${(/** @type {PointerEvent} */ event) => {
        const frame = this.barAt(event);
        if (frame) this.grab(event, frame);
      }}
      @pointermove=${(/** @type {PointerEvent} */ event) => (this.held ? this.drag(event) : this.app.point(this.barAt(event)))}
      @pointerup=${(/** @type {PointerEvent} */ event) => {
        const { held } = this;
        this.release();
        if (held && !held.moved && event.button === 0) this.pick(held.frame, this.app.selected === held.frame);
      }}
      @pointercancel=${() => (this.held = null)}
      @pointerleave=${() => this.app.point(0)}
    ></canvas>`;
  }

  /** Those that have a button of their own: all, or those that a hand or the focus is on. @param {import('../model/types.js').FrameRecord[]} frames */
  single(frames) {
    if (frames.length <= BUTTONS_MAX) return frames;
    const { app, held } = this;
    const wanted = [app.selected, app.pointed, held?.frame];
    return wanted.some(Boolean) ? frames.filter(({ frame }) => wanted.includes(frame)) : [];
  }

  /** @param {PointerEvent} event @param {number} frame */
  grab(event, frame) {
    if (event.button !== 0) return;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.held = { frame, from_y: event.clientY, by_px: 0, moved: false };
  }

  /** Time stands still while a frame is dragged; or it would land in one's hand. @param {PointerEvent} event */
  drag(event) {
    if (!this.held) return;
    const by_px = event.clientY - this.held.from_y;
    const moved = this.held.moved || Math.abs(by_px) > CLICK_PX;
    if (moved && !this.held.moved) this.app.pause();
    if (moved) this.held = { ...this.held, by_px, moved };
  }

  /** Let go far enough from the line, it is dropped. */
  release() {
    const { held } = this;
    this.held = held && held.moved ? { ...held, by_px: 0 } : null;
    if (!held || !held.moved || Math.abs(held.by_px) < OFF_PX) return;
    this.app.select(held.frame);
    this.app.try(() => this.app.session.drop(held.frame));
  }

  /** A click that ends a drag is none. @param {number} frame @param {boolean} isSelected */
  pick(frame, isSelected) {
    const wasDragged = this.held?.frame === frame && this.held.moved;
    this.held = null;
    if (!wasDragged) this.app.select(isSelected ? 0 : frame);
  }

  /** @param {import('../model/types.js').FrameRecord} frame */
  goesRight(frame) {
    return this.app.session.topology.goesRight(frame);
  }

  /** Which part of the way from the cable's left end. @param {import('../model/types.js').FrameRecord} frame */
  partOf(frame) {
    const part = progress(frame, this.app.cursor.t_us) ?? 0;
    return this.goesRight(frame) ? part : 1 - part;
  }

  /** Where a frame is on the cable. @param {import('../model/types.js').FrameRecord} frame @returns {Spot} */
  spot(frame) {
    const width = barWidth(frame.len_bytes);
    const long = this.width + 2 * OVER_PX;
    const side = this.goesRight(frame) ? 'right' : 'left';
    return { x: width / 2 + (long - width) * this.partOf(frame), y: side === 'right' ? RIGHT_Y : LEFT_Y, width, side, room: [OVER_PX, long - OVER_PX] };
  }

  /** Frames as buttons, with their labels: of all of them where they are few. @param {import('../model/types.js').FrameRecord[]} frames @param {(frame: import('../model/types.js').FrameRecord) => Spot} spotOf @param {boolean} labelled */
  buttons(frames, spotOf, labelled) {
    const { relative, selected } = this.app;
    const all = frames.map((frame) => ({ frame, spot: spotOf(frame), first: frame.frame === selected }));
    const wishes = all.filter(({ first }) => labelled || first).map(({ frame, spot, first }) => ({ ...spot, frame: frame.frame, first, text: frameText(frame, relative), short: arrowLabel(frame, relative, true) }));
    const labels = placeLabels(wishes);
    return all.map(({ frame, spot }) => this.button(frame, spot, labels.get(frame.frame)));
  }

  /**
   * A frame that can be grabbed.
   * @param {import('../model/types.js').FrameRecord} frame
   * @param {Spot} spot
   * @param {import('../model/frame-labels.js').Label} [label]
   */
  button(frame, { x, y, width, side }, label) {
    const { app } = this;
    const known = bytesIn(frame.stripes);
    const text = frameText(frame, app.relative);
    const isSelected = app.selected === frame.frame;
    const held = this.held?.frame === frame.frame && this.held.moved ? this.held : null;
    const grip = held ? `held ${Math.abs(held.by_px) < OFF_PX ? '' : 'off'}` : '';
    return html`<button
      class="frame ${side} ${grip}"
      style="left:${x.toFixed(1)}px;top:${y.toFixed(1)}px;width:${width}px;margin-top:${held?.by_px ?? 0}px"
      aria-pressed=${isSelected}
      aria-label=${t('frame-on-wire', { what: text, bytes: frame.len_bytes })}
      data-frame=${frame.frame}
      @pointerdown=${(/** @type {PointerEvent} */ event) => this.grab(event, frame.frame)}
      @pointermove=${this.drag}
      @pointerup=${this.release}
      @pointercancel=${() => (this.held = null)}
      @pointerenter=${() => app.point(frame.frame)}
      @pointerleave=${() => app.point(0)}
      @click=${() => this.pick(frame.frame, isSelected)}
    >
      ${frameBar(frame.stripes, frame.len_bytes - known)}
      ${label ? html`<span class="label" style="--by:${label.by_px}px">${label.text}</span>` : nothing}
    </button>`;
  }

  /** @param {import('../model/types.js').FrameRecord[]} frames */
  hands(frames) {
    const { app } = this;
    const frame = grabbed(frames, app.selected);
    if (!frame) return html`<div class="hands second" part="hands">${t('hands-none')}</div>`;
    const { session } = app;
    const id = frame.frame;
    const act = (/** @type {string} */ key, /** @type {() => void} */ action) =>
      html`<button data-hand=${key} @click=${() => (app.select(id), app.try(action))}>${t(`hand-${key}`)}</button>`;
    return html`<div class="hands" part="hands" role="group" aria-label=${t('hands', { what: frameText(frame, app.relative) })}>
      <button data-hand="drop" @click=${() => app.dropGrabbed()}>${t('hand-drop')}<kbd>D</kbd></button>
      ${act('delay', () => session.delay(id, DELAY_MS))} ${act('duplicate', () => session.duplicate(id))}
      ${act('corrupt', () => session.corrupt(id))}
      <button data-hand="look" @click=${() => app.look(id)}>${t('hand-look')}</button>
    </div>`;
  }

  /** @param {import('../model/types.js').FrameRecord} frame @param {boolean} goesRight @param {number} width of the line */
  bar(frame, goesRight, width) {
    const part = progress(frame, this.app.cursor.t_us) ?? 0;
    return { frame, x: (goesRight ? part : 1 - part) * width, y: goesRight ? RIGHT_Y : LEFT_Y };
  }

  /** @param {import('../model/types.js').FrameRecord[]} frames @param {number[]} waiting */
  line(frames, waiting) {
    const { app } = this;
    const { a_to_b, b_to_a } = app.session.settings();
    const single = this.single(frames);
    const width = this.width + 2 * OVER_PX;
    const first = app.session.topology.goesRight({ link: 0, direction: 0 }) ? 0 : 1;
    const bars = single === frames ? [] : frames.map((frame) => this.bar(frame, frame.direction === first, width));
    const queues = [first, 1 - first].map((direction) => waiting[direction]);
    return html`<div class="wire ${a_to_b.up || b_to_a.up ? '' : 'down'}">
      ${queues[0] ? html`<span class="queue" style="left:20px">${t('queue', { frames: queues[0] })}</span>` : nothing}
      ${queues[1] ? html`<span class="queue" style="right:20px">${t('queue', { frames: queues[1] })}</span>` : nothing}
      ${this.many(bars)} ${this.buttons(single, (frame) => this.spot(frame), frames.length <= LABELS_MAX)}
    </div>`;
  }

  /** Shows the settings of a link, or hides them: they are loaded when they are asked for. @param {number} link */
  async set(link) {
    const { app } = this;
    await import('./lab-link.js');
    app.link_open = !(app.link_open && app.link === link);
    app.chooseLink(link);
  }

  /** What a link does, a line for each way where they differ, and that it can be set. @param {number} link @param {boolean} goesRight is its first end drawn at the left? */
  told(link, goesRight) {
    const texts = linkCaption(this.app.session.settings(link), goesRight);
    const last = texts.pop();
    return html`<button class="plain ways" aria-expanded=${this.app.link_open} @click=${() => this.set(link)}>
      ${texts.map((text) => html`<span>${text}</span> `)}<span>${last} · ${t('link-change')}</span>
    </button>`;
  }

  caption() {
    const { topology } = this.app.session;
    if (topology.links.length === 0) return nothing;
    return html`<div class="caption">${this.told(0, topology.goesRight({ link: 0, direction: 0 }))}</div>`;
  }

  render() {
    const { app } = this;
    const { frames, waiting } = onLinks(app.state, app.record);
    return html`${this.caption()} ${this.line(frames, waiting)} ${this.hands(frames)}`;
  }
}

customElements.define('lab-wire', LabWire);

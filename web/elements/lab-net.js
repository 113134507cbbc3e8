/**
 * Between the hosts when there is more than one cable: routers and other hosts, each link with the frames on it. What can be done
 * to a frame on a cable can be done on each; what passes through a router is drawn with the headers it has there.
 */
import { css, html, nothing, svg } from 'lit';
import '../i18n/net.js';
import { LABELS_MAX, LabWire, OVER_PX } from './lab-wire.js';
import { t } from '../i18n/index.js';
import { netLayout } from '../model/net-layout.js';
import { progress } from '../model/select.js';
import { barWidth, bytesIn, frameBar, stripesAt } from '../views/frame-bar.js';
import { linkCaption } from '../views/link-caption.js';
import { linkChoice } from '../views/link-choice.js';
import { nodeName } from '../views/node-name.js';

/** What of the width and height nodes keep free of the edges. */
const PAD = { x: 52, y: 26 };
/** A line's links have their captions below them, where there is room for words. */
const LINE_HEIGHT = 156;
const LINE_Y = 64;
const UNDER_LINE_PX = 40;
/** Else the caption stands above them, and a router's name under it. */
const BELOW_CAPTION_PX = 24;
const ROOMY_PX = 130;
/** A row of nodes with its links takes so much, a node beside another so much. */
const ROW_PX = 46;
const HEIGHT_MIN = 190;
const ABREAST_PX = 84;
/** Frames keep this far from the middle of their link: each way has its side. */
const SIDE_PX = 9;
/** Links end at the edges of nodes; the ends of a line are the hosts beside the stage. */
const NODE_PX = { x: 40, y: 15 };
const ROUTER_PX = { x: 58, y: 44 };
const FRAME_PX = { line: 110, layers: 40, ring: 34 };
/** In which layers a machine of a kind handles what it passes on. */
const LAYERS = /** @type {Record<string, import('../model/types.js').Layer[]>} */ ({ switch: ['link'], router: ['internet', 'link'] });
const HOST_LAYERS = /** @type {import('../model/types.js').Layer[]} */ (['application', 'transport', 'internet', 'link']);

/** @typedef {{kind: ReturnType<typeof netLayout>['kind'], at: {x: number, y: number}[], width: number, height: number}} NetPlan */

export class LabNet extends LabWire {
  static styles = [
    LabWire.styles,
    css`
      /* Its caption is a choice, above the network. */
      :host {
        --above: 128px;
        --caption: 0;
      }
      .net {
        position: relative;
        margin: 0 -16px;
      }
      .net > svg,
      .net > canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .net > canvas {
        cursor: grab;
        touch-action: none;
      }
      .net .frame {
        min-width: 24px;
        min-height: 24px;
        padding: 4px 3px;
      }
      .net .frame .bar {
        height: 16px;
      }
      .net .held {
        transition: none;
      }
      svg line {
        stroke: var(--ink);
        stroke-width: 2;
      }
      svg .down {
        stroke: var(--edge);
        stroke-dasharray: 5 5;
      }
      svg .chosen {
        stroke: var(--mark);
        stroke-width: 9;
      }
      .says {
        position: absolute;
        transform: translateX(-50%);
        width: max-content;
        padding: 0 4px;
        white-space: normal;
        line-height: 16px;
        text-align: center;
        color: var(--second);
        font-size: var(--text-s);
      }
      .says b {
        display: block;
        font-weight: 600;
        color: var(--ink);
      }
      .says > span {
        display: block;
      }
      .caption {
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
      }
      .which {
        max-width: 100%;
      }
      .node {
        position: absolute;
        transform: translate(-50%, -50%);
        display: flex;
        align-items: stretch;
        gap: 6px;
        max-width: 100px;
        padding-right: 8px;
        border: 1px solid var(--ink);
        border-radius: 3px;
        background: var(--paper);
        font-size: var(--text-s);
        line-height: 22px;
        overflow: hidden;
      }
      @container lab (max-width: 879px) {
        .node {
          max-width: 68px;
          gap: 4px;
          padding-right: 4px;
        }
      }
      .node b {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .node.end {
        box-shadow: inset 0 0 0 1px var(--ink);
      }
      .layers {
        display: grid;
        width: 8px;
      }
      .layers .application {
        background: var(--application);
      }
      .layers .transport {
        background: var(--transport);
      }
      .layers .internet {
        background: var(--internet);
      }
      .layers .link {
        background: var(--link);
      }
      /* Its lowest layer, link, is where its cables end. */
      .router {
        transform: translate(-50%, calc(14px - 100%));
        display: block;
        width: 116px;
        max-width: none;
        padding: 0;
        border: 0;
        overflow: visible;
        background: none;
      }
      .router > b {
        display: block;
        text-align: center;
        font-size: var(--text-m);
      }
      .router > i {
        display: block;
        height: 28px;
        margin-top: 2px;
        padding: 0 8px;
        border-left: 4px solid;
        font-style: normal;
        font-weight: 600;
        line-height: 28px;
      }
      .router > .internet {
        border-color: var(--internet);
        background: var(--internet-tint);
        color: var(--internet-ink);
      }
      .router > .link {
        border-color: var(--link);
        background: var(--link-tint);
        color: var(--link-ink);
      }
      .passing {
        position: absolute;
        transform: translate(-50%, -50%);
        z-index: 2;
      }
      .passing .bar {
        height: 14px;
      }
    `,
  ];

  /** Where everything stands, in pixels. @returns {NetPlan} */
  plan() {
    const { topology } = this.app.session;
    const width = this.width + 32;
    const abreast = Math.max(2, Math.floor((width - 2 * PAD.x) / ABREAST_PX) + (width < 480 ? 1 : 0));
    const { kind, places, rows } = netLayout(topology, { abreast });
    const height = kind === 'line' ? LINE_HEIGHT : Math.max(HEIGHT_MIN, rows * ROW_PX);
    const pad_x = kind === 'line' ? 0 : PAD.x;
    const at = places.map(({ x, y }) => ({ x: pad_x + x * (width - 2 * pad_x), y: kind === 'line' ? LINE_Y : PAD.y + y * (height - 2 * PAD.y) }));
    const plan = { kind, at, width, height };
    if (kind === 'line' && !this.isRoomy(plan)) for (const place of at) place.y += BELOW_CAPTION_PX;
    return plan;
  }

  /** The two ends of a link, where its nodes end. @param {NetPlan} plan @param {number} link */
  span({ kind, at }, link) {
    const [a, b] = this.app.session.topology.links[link].ends;
    const edge = (/** @type {number} */ node, /** @type {number} */ other) => {
      const [from, to] = [at[node], at[other]];
      const size = kind === 'line' ? (node === 0 || node === 1 ? { x: 0, y: 0 } : ROUTER_PX) : NODE_PX;
      const far = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
      const [ux, uy] = [(to.x - from.x) / far, (to.y - from.y) / far];
      const out = Math.min(far * 0.4, size.x / Math.max(Math.abs(ux), 1e-6), size.y / Math.max(Math.abs(uy), 1e-6));
      return { x: from.x + ux * out, y: from.y + uy * out };
    };
    return [edge(a, b), edge(b, a)];
  }

  /** Where a frame is now, and on which side of its link. @param {NetPlan} plan @param {import('../model/types.js').FrameRecord} frame @param {number} width */
  placeOf(plan, frame, width) {
    const [a, b] = this.span(plan, frame.link);
    const [from, to] = frame.direction === 0 ? [a, b] : [b, a];
    const part = progress(frame, this.app.cursor.t_us) ?? 0;
    const far = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    const [ux, uy] = [(to.x - from.x) / far, (to.y - from.y) / far];
    // What is wider than the rest of its way does not leave it.
    const inset = plan.kind === 'line' ? Math.min(width / 2, far / 2) : 0;
    const gone = inset + part * (far - 2 * inset);
    return { x: from.x + ux * gone + uy * SIDE_PX, y: from.y + uy * gone - ux * SIDE_PX, part };
  }

  /** On a line each link's frames are told at that link. @param {NetPlan} plan @param {import('../model/types.js').FrameRecord} frame @returns {import('./lab-wire.js').Spot} */
  onLink(plan, frame) {
    const width = Math.max(18, barWidth(frame.len_bytes, FRAME_PX[plan.kind]));
    const { x, y } = this.placeOf(plan, frame, width);
    const side = y < (plan.kind === 'line' ? plan.at[0].y : plan.height * 0.56) ? 'right' : 'left';
    const [a, b] = this.span(plan, frame.link);
    const [from, to] = plan.kind === 'line' ? [Math.min(a.x, b.x), Math.max(a.x, b.x)] : [0, plan.width];
    return { x, y, width, side, room: [Math.max(OVER_PX, from), Math.min(plan.width - OVER_PX, to)] };
  }

  /** What a node that passes packets on has in its hands. @param {NetPlan} plan @param {number} node */
  passing({ kind, at }, node) {
    const { app } = this;
    const { passing } = app.state.nodes[node];
    const isBeside = kind === 'line' && node < 2;
    if (!passing || isBeside) return nothing;
    const stripes = stripesAt(app.record.by_frame.get(passing.frame)?.stripes ?? [], passing.layer, passing.way);
    if (stripes.length === 0) return nothing;
    const width = barWidth(bytesIn(stripes), FRAME_PX[kind]);
    const row = kind === 'line' ? (passing.layer === 'link' ? 15 : -15) : 20;
    return html`<span class="passing" style="left:${at[node].x}px;top:${at[node].y + row}px;width:${width}px">${frameBar(stripes)}</span>`;
  }

  /** @param {NetPlan} plan @param {number} node */
  node({ kind, at }, node) {
    const { name, kind: of, addresses } = this.app.session.topology.nodes[node];
    const layers = LAYERS[of] ?? HOST_LAYERS;
    const place = `left:${at[node].x}px;top:${at[node].y}px`;
    const title = addresses.join(' · ');
    if (kind !== 'line') {
      return html`<span class="node ${node < 2 ? 'end' : ''}" data-node=${node} style=${place} title=${title}>
        <span class="layers">${layers.map((layer) => html`<i class=${layer}></i>`)}</span><b>${nodeName(name)}</b>
      </span>`;
    }
    if (node < 2) return nothing;
    return html`<span class="node router" data-node=${node} style=${place} title=${title}>
      <b>${nodeName(name)}</b>${layers.map((layer) => html`<i class=${layer}>${t(`layer-${layer}`)}</i>`)}
    </span>`;
  }

  /** Is there room for words at each link? @param {NetPlan} plan */
  isRoomy(plan) {
    return plan.kind === 'line' && this.app.session.topology.links.every((_, link) => this.lengthOf(plan, link) >= ROOMY_PX);
  }

  /** @param {NetPlan} plan @param {number} link */
  lengthOf(plan, link) {
    const [a, b] = this.span(plan, link);
    return Math.abs(b.x - a.x);
  }

  /** Where there is no room at the links, one of them is chosen, and told above the network. */
  caption() {
    const { app } = this;
    const plan = this.plan();
    if (this.isRoomy(plan)) return nothing;
    return html`<div class="caption">${linkChoice(app)} ${this.told(app.link, this.startsLeft(plan, app.link))}</div>`;
  }

  /** Is the first end of a link left of its second? @param {NetPlan} plan @param {number} link */
  startsLeft({ at }, link) {
    const [a, b] = this.app.session.topology.links[link].ends;
    return at[a].x <= at[b].x;
  }

  /** What is told at a link itself. @param {NetPlan} plan @param {number} link */
  says(plan, link) {
    const { app } = this;
    const [a, b] = this.span(plan, link);
    const place = `left:${(a.x + b.x) / 2}px;top:${a.y + UNDER_LINE_PX}px;max-width:${this.lengthOf(plan, link) - 8}px`;
    const texts = linkCaption(app.session.settings(link), this.startsLeft(plan, link), true);
    return html`<button class="plain says" data-says=${link} style=${place} aria-expanded=${app.link_open && app.link === link} @click=${() => this.set(link)}>
      <b>${app.session.topology.links[link].name}</b>${texts.map((text) => html`<span>${text}</span>`)}
    </button>`;
  }

  /** @param {NetPlan} plan @param {number} link */
  drawn(plan, link) {
    const { app } = this;
    const [a, b] = this.span(plan, link);
    const { a_to_b, b_to_a } = app.session.settings(link);
    const isChosen = app.link === link && (app.link_open || !this.isRoomy(plan) || (app.drawer_open && app.tab === 'faults'));
    return svg`${isChosen ? svg`<line class="chosen" x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y}></line>` : nothing}
      <line class=${a_to_b.up || b_to_a.up ? '' : 'down'} x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y}></line>`;
  }

  /** @param {import('../model/types.js').FrameRecord[]} frames */
  line(frames) {
    const { app } = this;
    const { topology } = app.session;
    const plan = this.plan();
    const single = this.single(frames);
    const bars = single === frames ? [] : frames.map((frame) => ({ frame, ...this.placeOf(plan, frame, 0) }));
    return html`<div class="net" style="height:${plan.height}px" role="group" aria-label=${t('net')}>
      <svg aria-hidden="true">
        ${topology.links.map((_, link) => this.drawn(plan, link))}
      </svg>
      ${this.isRoomy(plan) ? topology.links.map((_, link) => this.says(plan, link)) : nothing} ${this.many(bars)} ${topology.nodes.map((_, node) => this.node(plan, node))}
      ${this.buttons(single, (frame) => this.onLink(plan, frame), frames.length <= LABELS_MAX)} ${topology.nodes.map((_, node) => this.passing(plan, node))}
    </div>`;
  }
}

customElements.define('lab-net', LabNet);

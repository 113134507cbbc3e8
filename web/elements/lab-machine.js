/**
 * The state machine: the map of RFC 9293 with both ends on it, the way each has come, and what can come next. A
 * state that has been entered is a button to the moment when it was.
 */
import { css, html, nothing, svg } from 'lit';
import { LabElement } from './base.js';
import { SizeOf } from './size-of.js';
import { BOX_SIZE, MAP_HEIGHT, MAP_STATES, allWays, placeOf, stateMark } from '../views/machine-map.js';
import { t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { frameOf, nextOf, pathOf, visitOver } from '../model/machine.js';
import { chip } from '../model/select.js';

/** @typedef {import('../model/machine.js').Visit} Visit */

export class LabMachine extends LabElement {
  static properties = { width: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: block;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        font-size: var(--text-s);
        color: var(--second);
        margin-bottom: 8px;
      }
      .legend svg {
        width: 18px;
        height: 18px;
        vertical-align: -4px;
        margin-right: 4px;
      }
      .map {
        position: relative;
        height: ${MAP_HEIGHT}px;
        margin-inline: auto;
      }
      .map > svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      text {
        font: 12px var(--mono);
        fill: var(--second);
      }
      .way .line {
        stroke: var(--track);
        stroke-width: 1.2;
      }
      .way .head {
        fill: var(--track);
      }
      .way text {
        paint-order: stroke;
        stroke: var(--paper);
        stroke-width: 5px;
        stroke-linejoin: round;
      }
      .taken .line {
        stroke: var(--transport);
        stroke-width: 2.5;
      }
      .taken .head {
        fill: var(--transport);
      }
      .taken text {
        fill: var(--transport-ink);
        font-weight: 600;
      }
      .ahead .line {
        stroke: var(--transport);
        stroke-dasharray: 1.5 5;
        stroke-linecap: round;
        stroke-width: 2;
      }
      .ahead .head {
        fill: none;
      }
      .mark {
        stroke: var(--mark);
        stroke-width: 12;
        stroke-linecap: round;
      }
      .grip {
        stroke: transparent;
        stroke-width: 14;
      }
      .state rect {
        fill: var(--paper);
        stroke: var(--hair);
      }
      .state.been rect {
        stroke: var(--edge);
      }
      .state.been text {
        fill: var(--ink);
      }
      .state.now rect {
        fill: var(--chip);
        stroke: var(--chip);
      }
      .state.now > text {
        fill: var(--on-chip);
        font-weight: 600;
      }
      .badge circle {
        fill: var(--paper);
        stroke: var(--edge);
        stroke-width: 1.5;
      }
      .badge text {
        font: 600 12px var(--sans);
      }
      .badge.here circle {
        fill: var(--transport);
        stroke: var(--paper);
      }
      .badge.here text {
        fill: var(--on-layer) !important;
      }
      .map button {
        position: absolute;
        width: ${BOX_SIZE.width}px;
        height: ${BOX_SIZE.height}px;
        min-height: 0;
        padding: 0;
        border: 0;
        border-radius: 4px;
        background: none;
        transform: translate(-50%, -50%);
      }
      .map button:hover {
        outline: 2px solid var(--edge);
      }
      .ends {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 16px 24px;
        margin-top: 16px;
      }
      h3 {
        font-size: var(--text-m);
        font-weight: 600;
      }
      h4 {
        margin: 8px 0 4px;
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--second);
      }
      ol,
      ul {
        list-style: none;
      }
      .path li {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 8px;
      }
      .path button {
        padding-left: 4px;
        margin-left: -4px;
        min-height: 24px;
        color: var(--ink);
      }
      .path .here button {
        font-weight: 700;
      }
      .path .later button {
        color: var(--second);
      }
      .path li.lit {
        background: var(--mark-tint);
      }
      .next li {
        margin-bottom: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.width = 427;
    this.size = new SizeOf(this, ({ width }) => (this.width = Math.min(560, Math.max(304, width))));
  }

  ends() {
    const { app } = this;
    return app.session.nodes.slice(0, 2).map((info, node) => ({
      node,
      name: info.name,
      state: chip(app.state, node),
      path: pathOf(app.record, app.state, node),
      badge: t(`badge-${node}`),
    }));
  }

  /** @param {Visit} visit */
  frame(visit) {
    return frameOf(visit, this.app.timeline.log);
  }

  /** To when it was entered: the last time before now, or else the last time of all. @param {string} state @param {Visit[]} visits */
  enter(state, visits) {
    const { app } = this;
    const entered = visits.filter((visit) => visit.state === state).sort((a, b) => b.id - a.id);
    const visit = entered.find((each) => each.id < app.cursor.id) ?? entered[0];
    if (!visit) return;
    const frame = this.frame(visit);
    if (frame) app.selected = frame;
    if (visit.id) app.seekTo(visit.id);
    else app.seek(0);
  }

  map() {
    const { app, width } = this;
    const ends = this.ends();
    const visits = ends.flatMap((end) => end.path);
    const seen = (/** @type {string} */ state) => visits.some((visit) => visit.state === state);
    // The lower CLOSED has been reached by those who were connected, the upper one is where all begin.
    const isAt = (/** @type {string} */ place, /** @type {Visit[]} */ path) => {
      const own = path.filter((visit) => visit.id <= app.cursor.id);
      if (place === 'END') return own.filter((visit) => visit.state === 'CLOSED' && visit.id > 0);
      return own.filter((visit) => visit.state === place && !(place === 'CLOSED' && visit.id > 0));
    };
    const link = (/** @type {import('../model/machine.js').Edge} */ way) => {
      const visit = ends.map(({ path }) => visitOver(path, way)).find(Boolean);
      const frame = visit ? this.frame(visit) : 0;
      return {
        lit: frame !== 0 && frame === app.lit,
        point: (/** @type {boolean} */ on) => app.point(on && frame ? frame : 0),
      };
    };
    const states = MAP_STATES.map((place) =>
      stateMark(
        place,
        width,
        ends.map(({ path, badge }) => {
          const here = isAt(place, path);
          const last = path.filter((visit) => visit.id <= app.cursor.id).at(-1);
          return { badge: here.length ? badge : '', now: here.some((visit) => visit === last) };
        }),
      ),
    );
    const buttons = MAP_STATES.filter((place) => place !== 'END' && seen(place)).map((place) => {
      const { x, y } = placeOf(place, width);
      return html`<button
        style="left:${x}px;top:${y}px"
        data-state=${place}
        aria-label=${t('machine-go', { state: place })}
        title=${t(`state-${place.toLowerCase().replaceAll('_', '-')}`)}
        @click=${() => this.enter(place, visits)}
      ></button>`;
    });
    return html`<div class="map" style="width:${width}px">
      <svg role="img" aria-label=${t('machine-picture')}>${allWays(width, ends, app.cursor.id, link)} ${states}</svg>
      ${buttons}
    </div>`;
  }

  /** @param {ReturnType<LabMachine['ends']>[number]} end */
  end({ node, name, state, path }) {
    const { app } = this;
    const last = path.filter((visit) => visit.id <= app.cursor.id).at(-1);
    return html`<div role="group" aria-label=${t('host', { node: name })} data-end=${node}>
      <h3>${t('host', { node: name })}</h3>
      <h4>${t('machine-path')}</h4>
      <ol class="path">
        ${path.map((visit) => {
          const frame = this.frame(visit);
          const kind = visit === last ? 'here' : visit.id > app.cursor.id ? 'later' : '';
          return html`<li
            class="${kind} ${frame && frame === app.lit ? 'lit' : ''}"
            @mouseenter=${() => app.point(frame)}
            @mouseleave=${() => app.point(0)}
          >
            <button class="plain mono" @click=${() => this.enter(visit.state, [visit])}>${visit.state}</button>
            <span class="mono second">${timeText(visit.t_us)}</span>
          </li>`;
        })}
      </ol>
      <h4>${t('machine-next')}</h4>
      <ul class="next">
        ${nextOf(state).map(
          (way) => html`<li><span class="mono">→ ${way.to}</span><br />${t(`next-${way.why}`)}</li>`,
        )}
      </ul>
    </div>`;
  }

  render() {
    const ends = this.ends();
    const badge = (/** @type {string} */ text, /** @type {string} */ kind) =>
      html`<svg viewBox="0 0 20 20" aria-hidden="true">${svg`<g class="badge ${kind}"><circle cx="10" cy="10" r="9"></circle><text x="10" y="14" text-anchor="middle">${text}</text></g>`}</svg>`;
    return html`<div class="legend">
        ${ends.map((end) => html`<span>${badge(end.badge, 'here')}${t('machine-now', { node: end.name })}</span>`)}
        ${ends.length ? html`<span>${badge(ends[0].badge, '')}${t('machine-been')}</span>` : nothing}
      </div>
      ${this.map()}
      <div class="ends">${ends.map((end) => this.end(end))}</div>`;
  }
}

customElements.define('lab-machine', LabMachine);

/**
 * One host: its name, the state of its connection, and its four layers. A frame on its way through them is drawn in
 * the layer that has it now, with the headers it has there.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { barWidth, bytesIn, frameBar, frameBarStyles, stripesAt } from '../views/frame-bar.js';
import { t } from '../i18n/index.js';
import { bytesText } from '../model/format.js';
import { chip, shownConnection } from '../model/select.js';
import { TCP_PORT } from '../model/scenario.js';

const LAYERS = /** @type {const} */ (['application', 'transport', 'internet', 'link']);

export class LabHost extends LabElement {
  static properties = { node: { type: Number } };
  static styles = [
    LabElement.styles,
    frameBarStyles,
    css`
      .top {
        display: flex;
        align-items: center;
        align-content: flex-start;
        justify-content: space-between;
        gap: 2px 8px;
        flex-wrap: wrap;
        min-height: 48px;
        margin-bottom: 8px;
      }
      h2 {
        font-size: var(--text-xl);
        font-weight: 700;
        line-height: 1.2;
        color: var(--ink);
      }
      .chip {
        display: inline-block;
        min-height: 24px;
        border: 0;
        font: 600 12px / 24px var(--mono);
        padding: 0 12px;
        border-radius: 12px;
        background: var(--chip);
        color: var(--on-chip);
        white-space: nowrap;
      }
      .chip:hover {
        background: var(--chip);
        outline: 2px solid var(--edge);
        outline-offset: 1px;
      }
      .gloss {
        flex-basis: 100%;
        font-size: var(--text-s);
        line-height: 20px;
        color: var(--second);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      /* Where room is short, what happens in the layers is left out. */
      ol {
        list-style: none;
        display: var(--layers, grid);
        gap: 2px;
      }
      li {
        position: relative;
        display: flex;
        align-items: center;
        gap: 8px;
        height: var(--row);
        padding: 0 10px 0 12px;
        border-left: 4px solid var(--hue);
        background: var(--tint);
      }
      li > b {
        font-weight: 600;
        color: var(--text);
        white-space: nowrap;
      }
      li > code {
        margin-left: auto;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      li.application {
        --hue: var(--application);
        --tint: var(--application-tint);
        --text: var(--application-ink);
      }
      li.transport {
        --hue: var(--transport);
        --tint: var(--transport-tint);
        --text: var(--transport-ink);
      }
      li.internet {
        --hue: var(--internet);
        --tint: var(--internet-tint);
        --text: var(--internet-ink);
      }
      li.link {
        --hue: var(--link);
        --tint: var(--link-tint);
        --text: var(--link-ink);
      }
      .passing {
        position: absolute;
        left: 50%;
        transform: translateX(-50%);
        bottom: -8px;
        z-index: 2;
      }
      .passing .bar {
        height: 16px;
      }
      .count {
        display: var(--layers, flex);
        flex-wrap: wrap;
        gap: 0 16px;
        margin-top: 6px;
        font-size: var(--text-s);
        color: var(--second);
        white-space: nowrap;
      }
      /* Room for two lines, so that nothing moves when a state has more to say. */
      @container lab (max-width: 879px) {
        .top {
          min-height: 64px;
        }
        .gloss {
          white-space: normal;
          line-height: 16px;
        }
      }
      @container lab (max-width: 599px) {
        h2 {
          font-size: var(--text-l);
          margin-bottom: 6px;
        }
        .top {
          display: block;
          height: 86px;
          overflow: hidden;
        }
        .gloss {
          margin-top: 4px;
        }
        .count .mono {
          display: none;
        }
        li {
          flex-direction: column;
          align-items: flex-start;
          justify-content: center;
          gap: 0;
          height: 32px;
          line-height: 1.15;
        }
        li > code {
          margin-left: 0;
          max-width: 100%;
        }
        ol {
          gap: 1px;
        }
        .count {
          gap: 8px;
          margin-top: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.node = 0;
  }

  /** The layers' names are here in words; what each of them is busy with beside it. */
  facts() {
    const { app, node } = this;
    const own = app.state.nodes[node];
    const info = app.session.nodes[node];
    const connection = shownConnection(app.state, node);
    const call = own.call ? `${own.call.call.toLowerCase()}()` : '–';
    const ports = connection
      ? `TCP :${connection.local_port}`
      : own.listening.length
        ? `TCP :${own.listening.join(' :')}`
        : 'TCP';
    return { application: call, transport: ports, internet: info.address, link: info.mac };
  }

  /** @param {typeof LAYERS[number]} layer */
  passing(layer) {
    const { app, node } = this;
    const passing = app.state.nodes[node].passing;
    if (!passing || passing.layer !== layer) return nothing;
    const all = app.record.by_frame.get(passing.frame)?.stripes ?? [];
    const stripes = stripesAt(all, layer, passing.way);
    if (stripes.length === 0) return nothing;
    return html`<span class="passing" style="width:${barWidth(bytesIn(stripes))}px">${frameBar(stripes)}</span>`;
  }

  render() {
    const { app, node } = this;
    const facts = this.facts();
    const own = app.state.nodes[node];
    const state = chip(app.state, node);
    const isWaitingToo = state !== 'LISTEN' && own.listening.includes(TCP_PORT);
    return html`<section aria-label=${t('host', { node: app.session.nodes[node].name })}>
      <div class="top">
        <h2>${t('host', { node: app.session.nodes[node].name })}</h2>
        <button class="chip" data-node=${node} title=${t('chip-hint')} @click=${() => app.open('machine')}>${state}</button>
        <p class="gloss">${t(`state-${state.toLowerCase().replaceAll('_', '-')}`)}</p>
      </div>
      <ol>
        ${LAYERS.map(
          (layer) =>
            html`<li class=${layer}>
              <b>${t(`layer-${layer}`)}</b><code>${facts[layer]}</code>${this.passing(layer)}
            </li>`,
        )}
      </ol>
      <p class="count">
        <span>${t('count-sent', { bytes: bytesText(own.sent_bytes) })}</span>
        <span>${t('count-received', { bytes: bytesText(own.received_bytes) })}</span>
        ${isWaitingToo ? html`<span class="mono">:${TCP_PORT} LISTEN</span>` : nothing}
      </p>
    </section>`;
  }
}

customElements.define('lab-host', LabHost);

/** The stack's own tables at the cursor's time: sockets and their blocks, timers, ARP, routes, interfaces, counters. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { hasMessage, t } from '../i18n/index.js';
import { bytesText, clockText, timeText } from '../model/format.js';
import { described } from '../model/glass.js';
import { TCB, counted, endpointText, running, socketState, valueText } from '../model/tables.js';
import { nodeName } from '../views/node-name.js';

export class LabTables extends LabElement {
  static properties = { node: { state: true }, socket: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      :host {
        display: block;
      }
      .hosts {
        display: flex;
        align-items: center;
        gap: 8px;
        margin: -4px 0 8px -6px;
      }
      .hosts span {
        margin-left: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        margin-bottom: 24px;
      }
      caption {
        text-align: left;
        font-weight: 600;
        padding-bottom: 4px;
      }
      caption .second {
        font-weight: 400;
      }
      .pair {
        display: block;
        white-space: nowrap;
      }
      th,
      td {
        padding: 4px 12px 4px 0;
        border-bottom: 1px solid var(--hair);
        text-align: left;
        vertical-align: baseline;
        font-weight: 400;
      }
      thead th {
        font-size: var(--text-s);
        color: var(--second);
      }
      th:last-child,
      td:last-child {
        padding-right: 0;
      }
      .number {
        text-align: right;
        white-space: nowrap;
      }
      .chosen {
        background: var(--mark-tint);
      }
      td button.plain {
        min-height: 24px;
        padding-inline: 4px;
        margin-left: -4px;
        color: var(--ink);
        text-decoration: underline;
        text-underline-offset: 3px;
        text-decoration-color: var(--edge);
      }
      .blocks {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 0 24px;
        align-items: start;
      }
      .blocks th {
        padding-right: 4px;
      }
      .wide {
        overflow-x: auto;
      }
      @container lab (max-width: 359px) {
        .blocks {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.node = 0;
    /** Whose block is shown; 0: the last connection's. */
    this.socket = 0;
  }

  /** @param {string} name @param {string[]} columns @param {unknown[][]} rows */
  list(name, columns, rows) {
    return html`<div class="wide">
      <table>
        <caption>
          ${t(`table-${name}`)}
        </caption>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col" class=${column.startsWith('n-') ? 'number' : ''}>${t(`column-${column.replace('n-', '')}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.length === 0 ? html`<tr><td colspan=${columns.length} class="second">${t('table-none')}</td></tr>` : nothing}
          ${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td class="mono ${columns[i].startsWith('n-') ? 'number' : ''}">${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>`;
  }

  /** @param {any[]} sockets @param {any} chosen */
  sockets(sockets, chosen) {
    const name = (/** @type {any} */ socket) =>
      socket.tcp
        ? html`<button class="plain mono" aria-pressed=${socket === chosen} @click=${() => (this.socket = socket.socket)}>${socket.socket}</button>`
        : socket.socket;
    return this.list(
      'sockets',
      ['socket', 'ends', 'state', 'n-unread', 'n-unsent'],
      sockets.map((socket) => [
        ...[pair(name(socket), socket.type), pair(endpointText(socket.local), endpointText(socket.remote)), socketState(socket)],
        ...[socket.readable_bytes, socket.unsent_bytes],
      ]),
    );
  }

  /** One connection's block. @param {any} socket */
  block(socket) {
    const { relative } = this.app;
    const { tcp } = socket;
    return html`<div class="blocks" data-block=${socket.socket}>
      ${Object.entries(TCB).map(
        ([group, items]) =>
          html`<table>
            <caption>
              ${t(`tcb-${group}`)}
              <span class="second">${t('tcb-of', { socket: socket.socket })}</span>
            </caption>
            <tbody>
              ${items.map(
                (item) =>
                  html`<tr data-item=${item.key}>
                    <th scope="row" class=${/^[A-Z.]+$/.test(item.name) ? 'mono' : ''}>${hasMessage(`tcb-${item.key.replaceAll('_', '-')}`) ? t(`tcb-${item.key.replaceAll('_', '-')}`) : item.name}</th>
                    <td class="mono number">${valueText(tcp, item, relative)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`,
      )}
    </div>`;
  }

  /** @param {any[]} sockets @param {number} now_us */
  timers(sockets, now_us) {
    const rows = sockets
      .filter((socket) => socket.tcp)
      .flatMap((socket) =>
        running(socket.tcp.timers).map(([timer, due_us]) => [
          ...[socket.socket, t(`timer-${timer.replaceAll('_', '-')}`), timeText(Math.max(0, due_us - now_us))],
          html`<button class="plain mono" @click=${() => this.app.seek(due_us)}>${clockText(due_us)}</button>`,
        ]),
      );
    return this.list('timers', ['socket', 'timer', 'n-left', 'n-due'], rows);
  }

  /** @param {any} node */
  neighbours(node) {
    const rows = node.interfaces.flatMap((/** @type {any} */ each) =>
      each.arp.map((/** @type {any} */ entry) => [entry.address, entry.mac ?? '–', entry.state, entry.waiting]),
    );
    return this.list('arp', ['address', 'mac', 'state', 'n-waiting'], rows);
  }

  /** A switch: whom it has heard, and how long ago; and its ports. @param {any} node @param {number} now_us */
  ports({ addresses, interfaces }, now_us) {
    const { topology } = this.app.session;
    const port = (/** @type {number} */ i) => pair(`port${i}`, nodeName(topology.beyond(this.node, i)));
    const heard = addresses.map((/** @type {any} */ { mac, port: i, heard_us }) => [mac, port(i), timeText(Math.max(0, now_us - heard_us))]);
    const rows = interfaces.map((/** @type {any} */ each, /** @type {number} */ i) => [port(i), ...traffic(each)]);
    return [this.list('addresses', ['mac', 'port', 'n-age'], heard), this.list('interfaces', ['port', 'n-in', 'n-out'], rows)];
  }

  /** @param {any} node */
  interfaces(node) {
    const rows = node.interfaces.map((/** @type {any} */ each, /** @type {number} */ i) => [
      ...[`eth${i}`, pair(each.address, each.mac), each.mtu],
      ...traffic(each),
    ]);
    return this.list('interfaces', ['interface', 'address', 'n-mtu', 'n-in', 'n-out'], rows);
  }

  /** @param {any} node */
  routes(node) {
    const rows = node.routes.map((/** @type {any} */ route) => [route.to, route.via ?? t('route-direct'), `eth${route.interface}`]);
    return this.list('routes', ['to-net', 'via', 'interface'], rows);
  }

  /** @param {any} node */
  counters(node) {
    const rows = counted(node.tcp_counters).map(([name, value]) => [name.replaceAll('_', ' '), value]);
    return this.list('counters', ['counter', 'n-count'], rows);
  }

  render() {
    const { app } = this;
    const told = described(app);
    if (!told) return html`<p class="second">${t('view-loading')}</p>`;
    const node = told.nodes[this.node];
    const { sockets = [] } = node;
    const with_block = sockets.filter((/** @type {any} */ socket) => socket.tcp && socket.tcp.state !== 'LISTEN');
    const chosen = with_block.find((/** @type {any} */ socket) => socket.socket === this.socket) ?? with_block.at(-1);
    return html`<div class="hosts" role="group" aria-label=${t('drawer-host')}>
        ${app.session.nodes.map(
          (info, i) =>
            html`<button class="plain" aria-pressed=${this.node === i} @click=${() => (this.node = i)}>
              ${t('host', { node: info.name })}
            </button>`,
        )}
        <span class="mono second">${clockText(app.cursor.t_us)}</span>
      </div>
      ${node.addresses
        ? this.ports(node, told.now_us)
        : html`${this.sockets(sockets, chosen)} ${chosen ? this.block(chosen) : nothing}
          ${this.timers(sockets, told.now_us)} ${this.neighbours(node)} ${this.routes(node)} ${this.interfaces(node)}
          ${this.counters(node)}`}`;
  }
}

/** What came in by an interface and what went out. @param {any} each */
const traffic = (each) => [pair(each.in_frames, bytesText(each.in_bytes)), pair(each.out_frames, bytesText(each.out_bytes))];

/** Two values under each other, where a line has no room for both. @param {unknown} first @param {unknown} second */
const pair = (first, second) => html`<span class="pair">${first}</span><span class="pair second">${second}</span>`;

customElements.define('lab-tables', LabTables);

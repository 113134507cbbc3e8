/**
 * One host's program: the calls it can make, and what it has received. It is on the upper side of the socket
 * curtain; what the stack does with the calls is drawn elsewhere.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { t } from '../i18n/index.js';
import { bytesText } from '../model/format.js';
import { Arrivals } from '../model/arrivals.js';
import { chip, shownConnection } from '../model/select.js';

/** A longer text is shown from its end. */
const TEXT_SHOWN = 600;

export class LabProgram extends LabElement {
  static properties = { node: { type: Number }, file: { state: true } };
  static styles = [
    LabElement.styles,
    css`
      /* As wide as there is room: a browser's own width for a text field is more than that in some. */
      section,
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      section {
        gap: 10px;
        align-content: start;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .row:has(> [data-call='connect']) {
        min-height: 40px;
      }
      button.first {
        min-height: 40px;
        flex: 1;
        font-size: var(--text-l);
      }
      input[type='text'] {
        flex: 1 1 120px;
      }
      .file {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .got {
        display: grid;
        gap: 4px;
        padding-top: 8px;
        border-top: 1px solid var(--hair);
      }
      .text {
        border-left: 3px solid var(--application);
        padding-left: 8px;
        white-space: pre-wrap;
        word-break: break-word;
        max-height: 9em;
        overflow: auto;
      }
      .sum {
        font: 12px/1.4 var(--mono);
        word-break: break-all;
        color: var(--second);
      }
      .good::before {
        content: '✓ ';
        font-weight: 700;
      }
      .bad::before {
        content: '✕ ';
        font-weight: 700;
      }
    `,
  ];

  constructor() {
    super();
    this.node = 0;
    /** @type {{name: string, bytes: Uint8Array} | null} */
    this.file = null;
    /** @type {Arrivals | null} */
    this.arrivals = null;
  }

  /** @param {'tcp' | 'udp'} way */
  send(way) {
    const { app, node, file } = this;
    const input = /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('input[type=text]'));
    const data = file ? file.bytes : (input?.value ?? '');
    const name = file?.name ?? '';
    app.call(() => (way === 'tcp' ? app.session.send(node, data, name) : app.session.datagram(node, data, name)));
  }

  /** @param {Event} event */
  async choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (!file) return;
    this.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    input.value = '';
  }

  payload() {
    if (this.file) {
      const { name, bytes } = this.file;
      return html`<div class="row">
        <span class="file"><b>${name}</b> <span class="second">${bytesText(bytes.length)}</span></span>
        <button type="button" class="plain" @click=${() => (this.file = null)}>${t('file-remove')}</button>
      </div>`;
    }
    const id = `text-${this.node}`;
    return html`<div class="row">
      <label class="hidden" for=${id}>${t('text-label')}</label>
      <input type="text" id=${id} .defaultValue=${t('text-default')} />
      <label class="button" tabindex="-1">
        ${t('file-choose')}
        <input class="hidden" type="file" aria-label=${t('file-choose')} @change=${this.choose} />
      </label>
    </div>`;
  }

  /** Where a server waits that has no connection. @param {number} node */
  waits(node) {
    if (!this.app.is_own_scenario) return t('server-waits');
    const ports = this.app.state.nodes[node].listening;
    return ports.length > 0 ? t('server-listens', { ports: ports.join(', ') }) : t('server-silent');
  }

  calls() {
    const { app, node } = this;
    const { session } = app;
    const state = chip(app.state, node);
    const isOpen = !['CLOSED', 'LISTEN', 'TIME_WAIT'].includes(state);
    const call = (/** @type {string} */ name, /** @type {() => unknown} */ action, extra = '', title = '') =>
      html`<button
        type="button"
        class="call ${extra}"
        data-call=${name}
        title=${title}
        @click=${() => app.call(action)}
      >
        ${name}()
      </button>`;
    const connect =
      node === 0
        ? html`<div class="row">
            ${call('connect', () => session.connect(node), isOpen ? '' : 'first', t('connect-hint'))}
          </div>`
        : nothing;
    const udp = html`<button
      class="call"
      type="button"
      data-call="sendto"
      title=${t('sendto-hint')}
      @click=${() => this.send('udp')}
    >
      sendto() <span class="second">UDP</span>
    </button>`;
    const connection = shownConnection(app.state, node);
    const hasTcp = connection !== undefined && !['CLOSED', 'TIME_WAIT'].includes(connection.state);
    if (node === 1 && !hasTcp) return html`<p class="second">${this.waits(node)}</p>`;
    return html`${connect}
      <form @submit=${(/** @type {Event} */ event) => (event.preventDefault(), this.send('tcp'))}>
        ${this.payload()}
        <div class="row">
          ${hasTcp ? html`<button class="call" data-call="send" title=${t('send-hint')}>send()</button>` : nothing}
          ${hasTcp && app.readsByHand(node) ? call('recv', () => session.recv(node), '', t('recv-hint')) : nothing}
          ${hasTcp ? call('close', () => session.close(node), '', t('close-hint')) : nothing}
          ${node === 0 ? html`${udp}<button type="button" data-call="ping" @click=${() => app.call(() => session.ping(node))}>ping</button>` : nothing}
        </div>
      </form>`;
  }

  tcpArrivals() {
    const { text, file, bytes } = /** @type {Arrivals} */ (this.arrivals).stream();
    if (bytes === 0 && !file) return nothing;
    if (file) {
      if (file.equal !== null && !file.sum) setTimeout(() => this.requestUpdate()); // the sum of a large one takes several turns
      return html`<div>
        <p><b>${file.name}</b> ${bytesText(file.arrived)} / ${bytesText(file.expected)}</p>
        ${
          file.equal === null
            ? html`<p class="second">${t('file-coming', { bytes: file.expected - file.arrived })}</p>`
            : html`<p class=${file.equal ? 'good' : 'bad'}>${t(file.equal ? 'file-equal' : 'file-differs')}</p>
                <p class="sum">SHA-256 ${file.sum || '…'}</p>`
        }
      </div>`;
    }
    return html`<p class="text" tabindex="0" role="group" aria-label=${t('received')} data-received=${this.node}>${text.slice(-TEXT_SHOWN)}</p>`;
  }

  udpArrivals() {
    const sum = /** @type {Arrivals} */ (this.arrivals).datagrams();
    if (sum.sent === 0) return nothing;
    const missing = sum.sent - sum.received;
    return html`<div>
      <p>
        ${t('udp-count', { received: sum.received, sent: sum.sent })}
        <span class="second">${bytesText(sum.received_bytes)}</span>
      </p>
      ${missing > 0 && !sum.flying ? html`<p class="bad">${t('udp-missing', { missing, bytes: sum.sent_bytes - sum.received_bytes })}</p>` : nothing}
      ${sum.extra > 0 ? html`<p class="bad">${t('udp-extra', { extra: sum.extra })}</p>` : nothing}
      ${sum.last ? html`<p class="text" tabindex="0" role="group" aria-label=${t('received')}>${sum.last.slice(-TEXT_SHOWN)}</p>` : nothing}
    </div>`;
  }

  render() {
    this.arrivals ??= new Arrivals(this.app.session, this.node);
    return html`<section aria-label=${t('program', { node: this.app.session.nodes[this.node].name })}>
      <h2>${t('program', { node: this.app.session.nodes[this.node].name })}</h2>
      ${this.calls()}
      <div class="got">
        <h2>${t('received')}</h2>
        ${this.arrivals.isEmpty ? html`<p class="second">${t('received-nothing')}</p>` : nothing} ${this.tcpArrivals()}
        ${this.udpArrivals()}
      </div>
    </section>`;
  }
}

customElements.define('lab-program', LabProgram);

/**
 * A segment made by hand: field by field, started from what the connection would send or from a known kind of attack,
 * with its bytes shown before it is sent.
 */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { faultStyles } from './lab-faults-styles.js';
import { t } from '../i18n/index.js';
import { hexText } from '../model/format.js';
import { FLAGS, STARTS, draftOf, fieldsOf, ownerOf, preview, socketOf } from '../model/forging.js';
import { described } from '../model/glass.js';
import { relativeTo } from '../model/segment.js';
import { nodeName } from '../views/node-name.js';

/** @typedef {import('../model/forging.js').Draft} Draft */

/** Numbers of the control block that a field may take: whose first they are counted from. @type {{field: 'seq' | 'ack', key: string, name: string, first: 'iss' | 'irs'}[]} */
const KNOWN = [
  { field: 'seq', key: 'snd_una', name: 'SND.UNA', first: 'iss' },
  { field: 'seq', key: 'snd_nxt', name: 'SND.NXT', first: 'iss' },
  { field: 'ack', key: 'rcv_nxt', name: 'RCV.NXT', first: 'irs' },
];

/** @param {Event} event */
const input = (event) => /** @type {HTMLInputElement} */ (event.target);

export class LabForge extends LabElement {
  static properties = { draft: { state: true }, sent: { state: true } };
  static styles = [
    LabElement.styles,
    faultStyles,
    css`
      .flags {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        border: 0;
        margin: 0 0 8px;
        padding: 0;
      }
      .flags legend {
        padding: 0;
        margin-bottom: 2px;
        font-size: var(--text-s);
        color: var(--second);
      }
      .flags label,
      .checks label {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 24px;
        cursor: pointer;
      }
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .known {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin-bottom: 8px;
      }
      .known button {
        padding: 3px 8px;
        font-size: var(--text-s);
      }
      .known .mono {
        font-family: var(--mono);
      }
      .dump {
        display: grid;
        grid-template-columns: repeat(16, 2.4ch);
        width: max-content;
        max-width: 100%;
        margin: 4px 0 12px;
        font: 12px/20px var(--mono);
      }
      .dump i {
        font-style: normal;
        text-align: center;
      }
      .dump .link {
        background: var(--link-tint);
        color: var(--link-ink);
      }
      .dump .internet {
        background: var(--internet-tint);
        color: var(--internet-ink);
      }
      .dump .transport {
        background: var(--transport-tint);
        color: var(--transport-ink);
      }
      .dump .application {
        background: var(--application-tint);
        color: var(--application-ink);
      }
      @container lab (max-width: 419px) {
        .dump {
          grid-template-columns: repeat(12, 2.4ch);
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Draft | null} null: made when the lab is known */
    this.draft = null;
    this.sent = 0;
    /** @type {any} */
    this.told = null;
    this.looked = '';
    /** @type {ReturnType<typeof preview>} */
    this.shown = { message: '' };
  }

  /** @param {number} node */
  socket(node) {
    return this.told && socketOf(this.app, this.told, node);
  }

  /** @param {number} node where it leaves @param {typeof STARTS[number]} start @param {number} [as] whose connection it is */
  start(node, start, as = ownerOf(this.app, node)) {
    this.sent = 0;
    this.draft = draftOf(this.app, node, start, this.socket(as), as);
  }

  /** @param {Partial<Draft>} change */
  set(change) {
    this.sent = 0;
    this.draft = { .../** @type {Draft} */ (this.draft), ...change };
  }

  /** Where a field's numbers are counted from; an acknowledgment number that says nothing is not counted. @param {'seq' | 'ack'} field @returns {number | undefined} */
  first(field) {
    if (field === 'ack' && !this.draft?.flags.includes('ACK')) return undefined;
    const tcp = this.socket(this.draft?.as ?? 0)?.tcp;
    return this.app.relative ? tcp?.[field === 'seq' ? 'iss' : 'irs'] : undefined;
  }

  /** @param {'seq' | 'ack'} name @param {Draft} draft */
  number(name, draft) {
    const first = this.first(name);
    return this.text(name, String(relativeTo(draft[name], first)), (value) => this.set({ [name]: (Number(value) + (first ?? 0)) >>> 0 }), 'number');
  }

  /** @param {string} name @param {string} value @param {(value: string) => void} set @param {'text' | 'number'} type */
  text(name, value, set, type = 'text') {
    return html`<label class="field"
      ><span>${t(`forge-${name}`)}</span
      ><input type=${type} name=${name} .value=${value} autocomplete="off" spellcheck="false" @change=${(/** @type {Event} */ e) => set(input(e).value)}
    /></label>`;
  }

  /** A number that may be missing. @param {string} name @param {number | null | undefined} value @param {(value: number | null) => void} set */
  maybe(name, value, set) {
    return this.text(name, value === null || value === undefined ? '' : String(value), (text) => set(text === '' ? null : Number(text)), 'number');
  }

  /** @param {Draft} draft @param {'timestamps' | 'sack'} name @param {0 | 1} at @param {number | null} value */
  pair(draft, name, at, value) {
    const other = draft[name]?.[1 - at] ?? value ?? 0;
    this.set({ [name]: value === null ? null : at === 0 ? [value, other] : [other, value] });
  }

  /** @param {string} name @param {string[][]} among values with their words @param {string} chosen @param {(value: string) => void} choose */
  choice(name, among, chosen, choose) {
    return html`<label class="field"
      ><span>${t(`forge-${name}`)}</span
      ><select name=${name} @change=${(/** @type {Event} */ e) => choose(input(e).value)}>
        ${among.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
      </select></label
    >`;
  }

  /** By which of its interfaces it leaves, where a machine has several. @param {Draft} draft */
  interfaces({ node, by }) {
    const { links } = this.app.session.topology;
    const all = this.told.nodes[node].interfaces.map(
      (/** @type {{address: string, link?: number}} */ { address, link }, /** @type {number} */ i) => [String(i), `${i} · ${link === undefined ? address.split('/')[0] : links[link].name}`],
    );
    if (all.length < 2) return nothing;
    return this.choice('interface', [['', t('forge-interface-route')], ...all], String(by ?? ''), (value) => this.set({ by: value === '' ? null : Number(value) }));
  }

  /** @param {Draft} draft */
  starts(draft) {
    const socket = this.socket(draft.as);
    const { nodes } = this.app.session.topology;
    const choice = (/** @type {string} */ name, /** @type {number[]} */ among, /** @type {number} */ chosen, /** @type {(node: number) => void} */ choose) =>
      this.choice(name, among.map((node) => [String(node), nodeName(nodes[node].name)]), String(chosen), (node) => choose(Number(node)));
    const all = nodes.flatMap(({ kind }, node) => (kind === 'switch' ? [] : [node]));
    const hosts = all.filter((node) => nodes[node].kind === 'host');
    return html`<div class="fields">
        ${choice('node', all, draft.node, (node) => this.start(node, 'next'))}
        ${nodes.length > 2 ? choice('as', hosts, draft.as, (as) => this.start(draft.node, 'next', as)) : nothing}
        ${this.interfaces(draft)} ${this.text('from', draft.from, (from) => this.set({ from }))} ${this.text('to', draft.to, (to) => this.set({ to }))}
      </div>
      <h3>${t('forge-start')}</h3>
      <div class="known">
        ${STARTS.filter((start) => socket || start === 'open').map(
          (start) => html`<button data-start=${start} @click=${() => this.start(draft.node, start, draft.as)}>${t(`forge-start-${start}`)}</button>`,
        )}
      </div>
      ${socket ? nothing : html`<p class="second">${t('forge-none')}</p>`}`;
  }

  /** @param {Draft} draft */
  numbers(draft) {
    const tcp = this.socket(draft.as)?.tcp;
    return html`<fieldset class="flags">
        <legend>${t('forge-flags')}</legend>
        ${FLAGS.map(
          (flag) =>
            html`<label class="mono"
              ><input
                type="checkbox"
                name=${flag}
                .checked=${draft.flags.includes(flag)}
                @change=${(/** @type {Event} */ e) => this.set({ flags: FLAGS.filter((each) => (each === flag ? input(e).checked : draft.flags.includes(each))) })}
              />${flag}</label
            >`,
        )}
      </fieldset>
      <div class="fields">
        ${this.number('seq', draft)} ${this.number('ack', draft)} ${this.maybe('window', draft.window, (window) => this.set({ window: window ?? 0 }))}
      </div>
      ${tcp
        ? html`<div class="known" role="group" aria-label=${t('forge-known')}>
            ${KNOWN.map(({ field, key, name, first }) => {
              const number = relativeTo(tcp[key], this.app.relative ? tcp[first] : undefined);
              return html`<button class="mono" title=${t('forge-number', { name, number: String(number), field })} @click=${() => this.set({ [field]: tcp[key] })}>${name} ${number}</button>`;
            })}
          </div>`
        : nothing}`;
  }

  /** @param {Draft} draft */
  options(draft) {
    const hasSome = draft.mss !== null || draft.window_scale !== null || draft.sack_permitted || draft.timestamps || draft.sack;
    return html`<details ?open=${Boolean(hasSome)}>
      <summary>${t('forge-options')}</summary>
      <div class="fields">
        ${this.maybe('mss', draft.mss, (mss) => this.set({ mss }))}
        ${this.maybe('window-scale', draft.window_scale, (window_scale) => this.set({ window_scale }))}
        ${this.maybe('timestamp', draft.timestamps?.[0], (value) => this.pair(draft, 'timestamps', 0, value))}
        ${this.maybe('echo', draft.timestamps?.[1], (value) => this.pair(draft, 'timestamps', 1, value))}
        ${this.maybe('sack-left', draft.sack?.[0], (value) => this.pair(draft, 'sack', 0, value))}
        ${this.maybe('sack-right', draft.sack?.[1], (value) => this.pair(draft, 'sack', 1, value))}
      </div>
      <div class="checks">
        <label><input type="checkbox" name="sack_permitted" .checked=${draft.sack_permitted} @change=${(/** @type {Event} */ e) => this.set({ sack_permitted: input(e).checked })} />${t('forge-sack-permitted')}</label>
      </div>
    </details>`;
  }

  /** The bytes are made anew when a field or the moment changes. @param {Draft} draft */
  look(draft) {
    const key = `${JSON.stringify(draft)} ${this.app.timeline.log.length} ${this.app.session.lab.place}`;
    if (key !== this.looked && !this.app.timeline.playing) {
      this.looked = key;
      this.shown = preview(this.app, draft);
    }
    return this.shown;
  }

  /** @param {Draft} draft */
  bytes(draft) {
    const shown = this.look(draft);
    if ('message' in shown) return html`<p class="wrong" role="status">${t('forge-preview-none', { message: shown.message })}</p>`;
    const { bytes, fields, link, direction } = shown;
    const { topology } = this.app.session;
    const [from, to] = topology.way({ link, direction }).map((node) => nodeName(topology.nodes[node].name));
    const layers = new Array(bytes.length).fill('link');
    for (const { offset, len, layer } of fields) layers.fill(layer, offset, offset + len);
    const text = [...bytes].map((byte) => hexText(byte)).join(' ');
    return html`<h3>${t('forge-preview', { bytes: bytes.length })}</h3>
      ${topology.links.length > 1 ? html`<p class="second" data-forge="way">${t('forge-way', { name: topology.links[link].name, from, to })}</p>` : nothing}
      <div class="dump" role="img" aria-label=${text}>${[...bytes].map((byte, i) => html`<i class=${layers[i]}>${hexText(byte)}</i>`)}</div>`;
  }

  /** @param {Draft} draft */
  send(draft) {
    this.app.try(() => (this.sent = this.app.session.forge(draft.node, fieldsOf(draft))));
    if (this.sent) this.app.select(this.sent);
  }

  render() {
    this.told = described(this.app) ?? this.told;
    if (!this.told) return html`<p class="second">${t('view-loading')}</p>`;
    this.draft ??= draftOf(this.app, 0, this.socket(0) ? 'next' : 'open', this.socket(0));
    const { draft } = this;
    return html`<p class="second">${t('forge-intro')}</p>
      <section>${this.starts(draft)}</section>
      <section>
        ${this.numbers(draft)} ${this.options(draft)}
        <div class="fields">${this.text('payload', draft.text, (text) => this.set({ text }))}</div>
        <div class="checks">
          <label><input type="checkbox" name="wrong" .checked=${draft.wrong} @change=${(/** @type {Event} */ e) => this.set({ wrong: input(e).checked })} />${t('forge-wrong')}</label>
        </div>
      </section>
      <section>
        ${this.bytes(draft)}
        <button data-forge="send" class="call" @click=${() => this.send(draft)}>${t('forge-send')}</button>
        ${this.sent ? html`<span role="status">${t('forge-sent', { frame: this.sent })}</span>` : nothing}
      </section>`;
  }
}

customElements.define('lab-forge', LabForge);

/**
 * The fault kit: what the cable does by chance or to exactly which frames, and which rules hosts break. What is set is
 * read from the lab's description at the cursor; each change is a command from there on.
 */
import { html, nothing } from 'lit';
import { LabElement } from './base.js';
import { faultStyles } from './lab-faults-styles.js';
import { t } from '../i18n/index.js';
import { CABLE, CALM, CHANCES, DEEDS, NEXT, RULES, WAYS, changeOf, valueOf, waitingWishes, wishCommand } from '../model/faults.js';
import { described } from '../model/glass.js';
import { setOf } from '../model/link-settings.js';
import { differsStyles, linkChoice } from '../views/link-choice.js';
import { nodeName } from '../views/node-name.js';

/** @typedef {import('../model/faults.js').Setting} Setting */
/** @typedef {import('../model/faults.js').Way} Way */

/** @param {Event} event */
const input = (event) => /** @type {HTMLInputElement} */ (event.target);

export class LabFaults extends LabElement {
  static properties = { way: { state: true }, deed: { state: true } };
  static styles = [LabElement.styles, faultStyles, differsStyles];

  constructor() {
    super();
    /** @type {Way} that the cable and its chances are set for */
    this.way = '';
    this.deed = DEEDS[0];
    /** The last description there was, while that of another moment is on its way. @type {any} */
    this.told = null;
  }

  /** @returns {any} */
  get link() {
    return this.told.links[this.app.link];
  }

  /** Who is at its ends. @returns {{a: string, b: string}} */
  ends(link = this.link) {
    const [a, b] = link.between.map((/** @type {string} */ end) => end.split(':')[0]);
    return { a, b };
  }

  /** The same as people call them. */
  called() {
    const { a, b } = this.ends();
    return { a: nodeName(a), b: nodeName(b) };
  }

  /** @param {Record<string, any>} settings for the chosen way of the chosen link */
  set(settings) {
    return this.app.try(() => this.app.session.setLink(settings, this.way, this.app.link));
  }

  /** @param {Setting} how @param {Event} event */
  change(how, event) {
    const field = input(event);
    const value = field.value === '' ? NaN : Number(field.value);
    const before = field.defaultValue;
    if (!this.set(changeOf(how, value))) field.value = before;
  }

  /** @param {Setting} how */
  field(how) {
    const value = valueOf(this.link, this.way, how);
    const text = value === null ? '' : String(value);
    return html`<label class="field">
      <span>${t(`kit-${how.name}`)}</span>
      <span class="with"
        ><input
          type="number"
          name=${how.name}
          min="0"
          max=${how.max}
          step="any"
          placeholder=${value === null ? t('kit-differs') : ''}
          .defaultValue=${text}
          .value=${text}
          @change=${(/** @type {Event} */ event) => this.change(how, event)}
        />${how.unit === 'frames' ? t('kit-frames') : how.unit}</span
      >
    </label>`;
  }

  /** What the one button does: for both ways it is the plug, for one of them that of its own. */
  plug() {
    const isUp = setOf(this.link, this.way, 'up') === true;
    const word = this.way ? (isUp ? 'kit-cut' : 'kit-mend') : isUp ? 'link-unplug' : 'link-plug';
    return html`<button data-kit="up" aria-pressed=${!isUp} @click=${() => this.set({ up: !isUp })}>${t(word)}</button>`;
  }

  cable() {
    const { app, way } = this;
    const overtakes = setOf(this.link, way, 'reorder_by_jitter');
    return html`<section aria-labelledby="cable">
      <div class="title">
        <h2 id="cable">${t('kit-cable')}</h2>
        ${linkChoice(app)} ${this.plug()}
      </div>
      <div class="ways" role="radiogroup" aria-label=${t('kit-way')}>
        <span class="second" aria-hidden="true">${t('kit-way')}</span>
        ${WAYS.map(
          (each) =>
            html`<label><input type="radio" name="way" value=${each} .checked=${way === each} @change=${() => (this.way = each)} />${t(`kit-way-${each}`, this.called())}</label>`,
        )}
      </div>
      <div class="fields">${CABLE.map((how) => this.field(how))}</div>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${overtakes === true}
          .indeterminate=${overtakes === null}
          @change=${(/** @type {Event} */ e) => this.set({ reorder_by_jitter: input(e).checked })}
        />${t('kit-reorder_by_jitter')}</label
      >
    </section>`;
  }

  chances() {
    const { app, way } = this;
    return html`<section aria-labelledby="chances">
      <div class="title">
        <h2 id="chances">${t('kit-chances')}</h2>
        <span class="second" data-kit="way">${t(`kit-way-${way}`, this.called())}</span>
      </div>
      <div class="fields">${CHANCES.map((how) => this.field(how))}</div>
      <button data-kit="calm" @click=${() => app.try(() => app.session.setLink(CALM, '', app.link))}>${t('kit-calm')}</button>
    </section>`;
  }

  next() {
    const { app } = this;
    const { a, b } = this.ends();
    return html`<section aria-labelledby="next">
      <h2 id="next">${t('kit-next')}</h2>
      ${[a, b].map(
        (node, direction) =>
          html`<div class="next" role="group" aria-label=${t('kit-next-from', { node })}>
            <span class="who">${t('kit-next-from', { node })}</span>
            ${NEXT.map(
              (match) =>
                html`<button
                  data-next="${direction} ${match}"
                  aria-label=${t('kit-next-hint', { what: t(`match-${match}`), node })}
                  @click=${() => app.try(() => app.session.dropNext(direction, match, app.link))}
                >
                  ${t(`match-${match}`)}
                </button>`,
            )}
          </div>`,
      )}
      ${this.exactly()} ${this.waiting()}
    </section>`;
  }

  /** @param {SubmitEvent} event */
  arrange(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const text = (/** @type {string} */ name) => String(form.get(name) ?? '');
    const wish = { deed: text('deed'), match: text('match'), from: text('from'), nth: Number(text('nth')), by_ms: Number(text('by_ms')) };
    this.app.try(() => this.app.session.wish(wishCommand(wish), this.app.link));
  }

  exactly() {
    const { a, b } = this.ends();
    const choice = (/** @type {string} */ name, /** @type {string[]} */ values, /** @type {(value: string) => string} */ word, label = t(`kit-${name}`)) =>
      html`<label class="field"
        ><span>${label}</span
        ><select name=${name} @change=${(/** @type {Event} */ e) => name === 'deed' && (this.deed = input(e).value)}>
          ${values.map((value) => html`<option value=${value}>${word(value)}</option>`)}
        </select></label
      >`;
    return html`<details>
      <summary>${t('kit-exact')}</summary>
      <form class="fields" @submit=${this.arrange}>
        ${choice('deed', DEEDS, (deed) => t(`deed-${deed}`))}
        <label class="field"><span>${t('kit-nth')}</span><input type="number" name="nth" min="1" max="1000000" value="1" required /></label>
        ${choice('match', [...NEXT, 'rst', 'udp', 'icmp', 'arp'], (match) => t(`match-${match}`))}
        ${choice('from', ['', a, b], (node) => (node ? nodeName(node) : t('kit-anybody')))}
        ${this.deed === 'delay'
          ? html`<label class="field"><span>${t('kit-by')}</span><span class="with"><input type="number" name="by_ms" min="0" max="3600000" value="50" required />ms</span></label>`
          : nothing}
        <button data-kit="arrange">${t('kit-arrange')}</button>
      </form>
    </details>`;
  }

  waiting() {
    const wishes = waitingWishes(this.link);
    if (wishes.length === 0) return nothing;
    return html`<h3>${t('kit-waiting')}</h3>
      <ul class="waiting">
        ${wishes.map((wish) => html`<li>${t('kit-wish', { ...wish, ...this.called(), match: t(`match-${wish.match}`) })}</li>`)}
      </ul>
      <button data-kit="forget" @click=${() => this.app.try(() => this.app.session.wish({}, this.app.link))}>${t('kit-forget')}</button>`;
  }

  /** @param {number} node @param {string} rule @param {boolean} isBroken */
  breakRule(node, rule, isBroken) {
    const others = this.told.nodes[node].faults.filter((/** @type {string} */ each) => each !== rule);
    this.app.try(() => this.app.session.setFaults(node, isBroken ? [...others, rule] : others));
  }

  rules() {
    const nodes = this.told.nodes.filter((/** @type {any} */ { faults }) => faults); // a switch keeps no rules that one could break
    return html`<section aria-labelledby="rules">
      <h2 id="rules">${t('kit-rules')}</h2>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col"><span class="hidden">${t('kit-rule')}</span></th>
              ${nodes.map((/** @type {any} */ { name }) => html`<th scope="col">${nodeName(name)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${RULES.map(
              (rule) =>
                html`<tr>
                  <th scope="row">${t(`rule-${rule}`)}</th>
                  ${nodes.map(
                    (/** @type {any} */ { node, name, faults }) =>
                      html`<td>
                        <label
                          ><span class="hidden">${nodeName(name)}: ${t(`rule-${rule}`)}</span
                          ><input
                            type="checkbox"
                            name="${name} ${rule}"
                            .checked=${faults.includes(rule)}
                            @change=${(/** @type {Event} */ e) => this.breakRule(node, rule, input(e).checked)}
                        /></label>
                      </td>`,
                  )}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  render() {
    this.told = described(this.app) ?? this.told;
    if (!this.told) return html`<p class="second">${t('view-loading')}</p>`;
    return html`<p class="second">${t('kit-from-now')}</p>
      ${this.told.links.length > 0 ? [this.cable(), this.chances(), this.next()] : nothing} ${this.rules()}
      <button class="forge" data-kit="forge" @click=${() => this.app.open('forge')}>${t('kit-forge')}</button>`;
  }
}

customElements.define('lab-faults', LabFaults);

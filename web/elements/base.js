/** What all elements of the lab share: they draw again when the lab changes, and when the language does. */
import { LitElement } from 'lit';
import { onLanguage } from '../i18n/index.js';
import { shared } from '../styles/shared.js';

export class LabElement extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = { app: { attribute: false } };
  /** @type {import('lit').CSSResultGroup} */
  static styles = shared;

  constructor() {
    super();
    /** @type {import('../model/app.js').App} */
    this.app = /** @type {any} */ (undefined);
    /** @type {(() => void)[]} */
    this.stops = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.stops.push(onLanguage(() => this.requestUpdate()));
    if (this.app) this.stops.push(this.app.subscribe(() => this.requestUpdate()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.stops.splice(0)) stop();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('app') && this.app && this.stops.length === 1) {
      this.stops.push(this.app.subscribe(() => this.requestUpdate()));
    }
  }

  /** Without an app there is nothing to draw yet. */
  shouldUpdate() {
    return Boolean(this.app);
  }
}

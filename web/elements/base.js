/** What all elements of the lab share: they draw again when the lab changes, and when the language does. */
import { LitElement } from 'lit';
import { awaitsWords, onLanguage, wordsSettled } from '../i18n/index.js';
import { shared } from '../styles/shared.js';

export class LabElement extends LitElement {
  /** Is it drawn in each frame of an animation? Else only when something happens, and in its turn (model/rush.js). */
  static moves = false;
  /** In which of four frames it does in a rush, a bit for each. */
  static beat = 0b1111;
  /** And while a hand drags time along; else the same. @type {number | undefined} */
  static drag = undefined;
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
    /** Something happened that has not been drawn. */
    this.is_behind = false;
    this.shown_ms = 0;
    this.took_ms = 0;
  }

  /** @param {import('../model/rush.js').Change} change */
  hear = (change) => {
    if (change !== 'time') this.is_behind = true;
    const { moves, beat, drag = beat } = /** @type {typeof LabElement} */ (this.constructor);
    const { rush } = this.app;
    if (change === 'news' || (moves && rush.moves(change === 'drag' ? drag : beat))) this.requestUpdate();
    else if (!moves && this.is_behind) rush.waiting.add(this);
  };

  connectedCallback() {
    super.connectedCallback();
    this.stops.push(onLanguage(() => this.requestUpdate()));
    if (this.app) this.stops.push(this.app.subscribe(this.hear));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.stops.splice(0)) stop();
    this.app?.rush.waiting.delete(this);
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('app') && this.app && this.stops.length === 1) {
      this.stops.push(this.app.subscribe(this.hear));
    }
    this.is_behind = false;
    this.app?.rush.waiting.delete(this);
    this.shown_ms = performance.now();
  }

  /** Nothing is drawn before its words are there. */
  scheduleUpdate() {
    return awaitsWords() ? wordsSettled().then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  performUpdate() {
    const begun_ms = performance.now();
    super.performUpdate();
    this.took_ms = performance.now() - begun_ms;
  }

  /** Without an app there is nothing to draw yet. */
  shouldUpdate() {
    return Boolean(this.app);
  }
}

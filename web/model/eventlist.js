/**
 * The list of all events: what is shown of it, and each event's fields in short. Only rows in view are made.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {{text: string, layers: Set<string>}} Filter
 */
import { flagsText } from './segment.js';

/** What can be shown or not; sockets belong to the application's side. */
export const LAYERS = /** @type {const} */ (['application', 'transport', 'internet', 'link', 'lab']);

const COMMON = new Set(['id', 'cause', 't_us', 'kind', 'layer', 'rule', 'node', 'iface', 'frame', 'socket']);

/** @param {LabEvent} event */
export const layerOf = (event) => (event.layer === 'socket' ? 'application' : event.layer);

/**
 * An event's own fields, in one line: names instead of numbers, nothing twice.
 * @param {LabEvent} event
 */
export function fieldsText(event) {
  const parts = [];
  for (const [name, value] of Object.entries(event)) {
    if (COMMON.has(name) || name.startsWith('unused') || name.endsWith('_code') || name.endsWith('_text')) continue;
    if (name === 'flags') parts.push(flagsText(value));
    else if (name === 'result_name' || name === 'error_name') value && parts.push(String(value));
    else if (value !== null && value !== '' && value !== 0) parts.push(`${name} ${event[`${name}_text`] ?? value}`);
  }
  return parts.join(' · ');
}

/** @param {LabEvent} event @param {Filter} filter */
export function matches(event, filter) {
  if (!filter.layers.has(layerOf(event))) return false;
  const wanted = filter.text.trim().toLowerCase();
  if (wanted === '') return true;
  const text = `${event.kind} ${event.rule ?? ''} ${fieldsText(event)}`.toLowerCase();
  return wanted.split(/\s+/).every((word) => text.includes(word));
}

/** A list that grows with the log and is made anew only when the log went another way, or the filter. */
export class EventList {
  constructor() {
    /** @type {LabEvent[]} */
    this.rows = [];
    this.read = 0;
    this.key = '';
    /** @type {LabEvent | null} */
    this.last = null;
  }

  /** @param {LabEvent[]} log @param {Filter} filter */
  follow(log, filter) {
    const key = `${filter.text} ${[...filter.layers].join()}`;
    if (key !== this.key || log.length < this.read || (this.last && log[this.read - 1] !== this.last)) {
      this.rows = [];
      this.read = 0;
      this.key = key;
    }
    for (; this.read < log.length; this.read++) {
      if (matches(log[this.read], filter)) this.rows.push(log[this.read]);
    }
    this.last = log.at(-1) ?? null;
    return this.rows;
  }
}

/** How many rows lie at or before an event. @param {LabEvent[]} rows @param {number} id */
export function rowsUntil(rows, id) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].id <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

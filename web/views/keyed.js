/**
 * A list whose items keep their nodes while others come and go around them, as Lit's own `repeat` does. That one leaves a comment
 * behind for each item that goes (lit-html 3.3: removePart() removes the first of an item's two markers only), a hundred thousand of
 * them when as many arrows have passed; this one leaves nothing.
 */
import { noChange } from 'lit';
import { Directive, PartType, directive } from 'lit/directive.js';
import { insertPart, removePart, setChildPartValue, setCommittedValue } from 'lit/directive-helpers.js';

/** @typedef {import('lit').ChildPart} ChildPart */

/** @param {ChildPart} part */
function remove(part) {
  const { endNode } = part;
  removePart(part);
  /** @type {ChildNode | null} */ (endNode)?.remove();
}

class Keyed extends Directive {
  /** @param {import('lit/directive.js').PartInfo} info */
  constructor(info) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error('keyed() stands between tags');
    /** In order. @type {Map<number, ChildPart>} */
    this.parts = new Map();
  }

  /** @param {any[]} items @param {(item: any) => number} _keyOf @param {(item: any) => unknown} draw @returns {unknown} */
  render(items, _keyOf, draw) {
    return items.map(draw);
  }

  /** @override @param {ChildPart} container @param {[any[], (item: any) => number, (item: any) => unknown]} list */
  update(container, [items, keyOf, draw]) {
    const keys = items.map(keyOf);
    const wanted = new Set(keys);
    for (const [key, part] of this.parts) if (!wanted.has(key)) this.#drop(key, part);
    const left = [...this.parts.keys()];
    const inOrder = keys.filter((key) => this.parts.has(key)).every((key, i) => key === left[i]);
    if (!inOrder) for (const [key, part] of this.parts) this.#drop(key, part);
    /** @type {ChildPart | undefined} */
    let next;
    const parts = keys.map(() => /** @type {any} */ (undefined));
    for (let i = keys.length - 1; i >= 0; i--) parts[i] = next = this.parts.get(keys[i]) ?? insertPart(container, next);
    this.parts = new Map(keys.map((key, i) => [key, parts[i]]));
    parts.forEach((part, i) => setChildPartValue(part, draw(items[i])));
    setCommittedValue(container, parts);
    return noChange;
  }

  /** @param {number} key @param {ChildPart} part */
  #drop(key, part) {
    remove(part);
    this.parts.delete(key);
  }
}

/** @type {<T>(items: T[], keyOf: (item: T) => number, draw: (item: T) => unknown) => unknown} */
export const keyed = directive(Keyed);

/**
 * A list whose items keep their nodes while others come and go around them, as Lit's own `repeat` does. That one leaves a comment
 * behind for each item that goes (lit-html 3.3: removePart() removes the first of an item's two markers only), a hundred thousand of
 * them when as many arrows have passed; this one leaves nothing. Each item tells what its drawing depends on: while that is the same, it
 * is not drawn again.
 */
import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import { insertPart, removePart, setChildPartValue, setCommittedValue } from 'lit/directive-helpers.js';

/** @typedef {import('lit').ChildPart} ChildPart */
/** @typedef {{depends: unknown[], draw: () => unknown}} Drawing */

/** @param {ChildPart} part */
function remove(part) {
  const { endNode } = part;
  removePart(part);
  /** @type {ChildNode | null} */ (endNode)?.remove();
}

class Keyed extends Directive {
  /** In order. @type {Map<number, ChildPart>} */
  parts = new Map();
  /** What each was drawn of. @type {WeakMap<ChildPart, unknown[]>} */
  drawn = new WeakMap();

  /** All is done in update(). @param {[any[], (item: any) => number, (item: any) => Drawing]} _list @returns {unknown} */
  render(..._list) {
    return noChange;
  }

  /** @override @param {ChildPart} container @param {[any[], (item: any) => number, (item: any) => Drawing]} list */
  update(container, [items, keyOf, look]) {
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
    parts.forEach((part, i) => {
      const { depends, draw } = look(items[i]);
      if (this.drawn.get(part)?.every((each, k) => each === depends[k])) return;
      this.drawn.set(part, depends);
      setChildPartValue(part, draw());
    });
    setCommittedValue(container, parts);
    return noChange;
  }

  /** @param {number} key @param {ChildPart} part */
  #drop(key, part) {
    remove(part);
    this.parts.delete(key);
  }
}

/** @type {<T>(items: T[], keyOf: (item: T) => number, look: (item: T) => Drawing) => unknown} */
export const keyed = directive(Keyed);

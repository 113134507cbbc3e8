/**
 * Where in the text of a JSON document the value at a path stands, so that a fault can be shown there. The text may be
 * of any sort; where the path cannot be followed further, the place is as far as it went.
 */

const SPACE = /\s/;

/** Past a string that begins at `at`. @param {string} text @param {number} at */
function pastString(text, at) {
  for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}

/** @param {string} text @param {number} at */
function pastSpace(text, at) {
  while (at < text.length && SPACE.test(text[at])) at++;
  return at;
}

/** Past a whole value. @param {string} text @param {number} at */
function pastValue(text, at) {
  let depth = 0;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      at = pastString(text, at) - 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return at;
      depth--;
    } else if (char === ',' && depth === 0) return at;
  }
  return at;
}

/** The value of a member, or the element of a number; -1: there is none. @param {string} text @param {number} at @param {string | number} wanted */
function inside(text, at, wanted) {
  const isList = typeof wanted === 'number';
  if (text[at] !== (isList ? '[' : '{')) return -1;
  at = pastSpace(text, at + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    let name = '';
    if (!isList) {
      const end = pastString(text, at);
      name = text.slice(at + 1, end - 1);
      at = pastSpace(text, pastSpace(text, end) + 1);
    }
    if (isList ? index === wanted : name === wanted) return at;
    at = pastSpace(text, pastValue(text, at) + 1);
  }
  return -1;
}

/**
 * @param {string} text a JSON document
 * @param {string} path "steps[1].from"
 * @returns {number} an offset into the text
 */
export function placeOf(text, path) {
  let at = pastSpace(text, 0);
  for (const [, member, index] of path.matchAll(/([^.[\]]+)(?=$|[.[])|\[(\d+)\]/g)) {
    const next = inside(text, at, index === undefined ? member : Number(index));
    if (next < 0) break;
    at = next;
  }
  return Math.min(at, text.length);
}

/** @param {string} text @param {number} at @returns {number} from 1 */
export const lineAt = (text, at) => text.slice(0, at).split('\n').length;

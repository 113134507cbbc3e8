/**
 * The lines that put a lesson into another page. No DOM.
 *
 * @typedef {{lang: string, theme: string, controls: string}} Wish '' says nothing of it
 */

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** What was wished for and is not what happens anyway. @param {string} lesson @param {Wish} wish */
const parameters = (lesson, wish) => Object.entries({ lesson, ...wish }).filter(([, value]) => value !== '');

/** Works wherever frames are allowed. @param {string} base where the site lies, with a slash at its end @param {string} lesson @param {string} title @param {Wish} wish */
export function iframeCode(base, lesson, title, wish) {
  const address = `${base}embed.html?${new URLSearchParams(parameters(lesson, wish))}`;
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="720" loading="lazy" style="border: 0"></iframe>`;
}

/** For pages that allow scripts. @param {string} base @param {string} lesson @param {Wish} wish */
export function elementCode(base, lesson, wish) {
  const attributes = parameters(lesson, wish).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `<script type="module" src="${escaped(base)}tcp-lab.js"></script>\n<tcp-lab ${attributes.join(' ')}></tcp-lab>`;
}

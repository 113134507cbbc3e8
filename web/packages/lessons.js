/** The lessons as packages list them: their names, and titles in both languages. */
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../lessons/', import.meta.url);

/** @typedef {{name: string, title: Record<'ko' | 'en', string>}} Entry */

/** @param {string} name @param {string} language */
function titleOf(name, language) {
  const found = readFileSync(new URL(`${name}/${language}.ftl`, folder), 'utf8').match(/^title = (.+)$/m);
  if (!found) throw new Error(`lessons/${name}/${language}.ftl: it has no title`);
  return found[1];
}

/** @param {string[]} [wanted] names; without, all @returns {Entry[]} */
export function lessonEntries(wanted = []) {
  const names = readdirSync(folder)
    .filter((name) => /^\d/.test(name))
    .sort();
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) throw new Error(`LESSONS: there is no lesson "${unknown}"; there are: ${names.join(' ')}`);
  return names
    .filter((name) => wanted.length === 0 || wanted.includes(name))
    .map((name) => ({ name, title: { ko: titleOf(name, 'ko'), en: titleOf(name, 'en') } }));
}

/** @param {string} text */
export const xml = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/**
 * A language that nobody speaks, to see what a translation would do to the page: every text is accented, longer by two
 * fifths, and in brackets, so that what is cut shows no bracket, and what has none was never a message. It is put in place of
 * English while the page is built, for this test alone.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { TOP, importFromWeb } from '../support/from-web.js';

const ACCENTED = Object.fromEntries([...'aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝnñNÑcçCÇsšSŠzžZŽ'.matchAll(/(.)(.)/g)].map(([, from, to]) => [from, to]));
const LONGER = 0.4;
export const OPEN = '⟦';
export const CLOSE = '⟧';

/** A text between the placeables of a message. @param {string} text */
export function pseudoText(text) {
  const words = text.replace(/[A-Za-z]/g, (letter) => ACCENTED[letter] ?? letter);
  const letters = text.replace(/\s/g, '').length;
  const more = 'ẅïđé '.repeat(Math.ceil((letters * LONGER) / 5)).slice(0, Math.ceil(letters * LONGER)).trim();
  // A lone mark or blank between two values is no text of its own.
  return /[A-Za-z]{2}/.test(text) ? text.replace(text.trim(), `${OPEN}${words.trim()}${more ? ` ${more}` : ''}${CLOSE}`) : text;
}

/** Builds the page in this language. @param {string} folder where to */
export async function buildPseudo(folder) {
  const { build } = await importFromWeb('vite');
  const config = await import(pathToFileURL(join(TOP, 'web/vite.config.js')).href);
  const own = config.default;
  await build({
    ...own,
    configFile: false,
    logLevel: 'error',
    build: { ...own.build, outDir: folder, minify: false },
    plugins: [
      {
        name: 'pseudo-locale',
        enforce: 'pre',
        /** @param {string} code @param {string} id */
        transform: (code, id) =>
          id.endsWith('/i18n/bundle.js')
            ? code
                .replace('useIsolating: false', 'useIsolating: false, transform: pseudoText')
                .concat(`\nconst ACCENTED = ${JSON.stringify(ACCENTED)}, LONGER = ${LONGER}, OPEN = '${OPEN}', CLOSE = '${CLOSE}';\n${pseudoText}`)
            : null,
      },
    ],
  });
}

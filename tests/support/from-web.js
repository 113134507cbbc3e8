/**
 * Packages for tests. Every JavaScript dependency lives in web/node_modules, where node does not look when it
 * resolves an import from tests/. This is the one door: `import { chromium } from '../support/from-web.js'`.
 */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));

/** The project's top folder, with a slash at its end. */
export const TOP = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The file a package or a part of it resolves to, for instance 'axe-core/axe.min.js'.
 * @param {string} name
 * @returns {string}
 */
export const resolveFromWeb = (name) => fromWeb.resolve(name);

/**
 * A package's module, for instance `const { FluentBundle } = await importFromWeb('@fluent/bundle')`.
 * @param {string} name
 * @returns {Promise<any>}
 */
export const importFromWeb = (name) => import(pathToFileURL(fromWeb.resolve(name)).href);

/** @type {import('playwright-core')} */
const playwright = fromWeb('playwright-core');

export const { chromium } = playwright;

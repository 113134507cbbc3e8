/**
 * A run to be handed on: as a link, as lines for another page, as a file; and such a file read again. No DOM.
 *
 * @typedef {import('./app.js').App} App
 * @typedef {{language: string, theme: string}} Look
 */
import { LabError } from '../../wasm/error.js';
import { logFromJson, logToJson } from '../../wasm/run.js';

/** What mail programs and chats leave whole (URL_LESSON_MAX of core/lab/url.h). */
export const LINK_MAX = 2048;

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The run as the text of a URL; '' it is too large for one. @param {App} app */
export function runText({ session }) {
  try {
    return session.lab.url();
  } catch {
    return '';
  }
}

/** What is looked at, as parameters of an address. @param {App} app @param {Look} look */
export function parametersOf(app, { language, theme }) {
  const parameters = new URLSearchParams({ lang: language, theme, t: String(Math.round(app.cursor.t_us) / 1000) });
  if (app.drawer_open) parameters.set('views', app.tab);
  return parameters;
}

/** @param {App} app @param {string} page its address, without parameters @param {Look} look */
export const linkOf = (app, page, look) => `${page}?${parametersOf(app, look)}#${runText(app)}`;

/**
 * The lines that show this run in another page.
 * @param {App} app @param {string} site where the pages lie, with a slash at its end @param {Look} look
 */
export function embedLines(app, site, look) {
  const parameters = parametersOf(app, look);
  parameters.delete('views'); // there it says which parts are shown at all
  const frame = `${site}embed.html?${parameters}#${runText(app)}`;
  const attributes = { run: runText(app), lang: look.language, theme: look.theme, t: parameters.get('t') ?? '0' };
  const named = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`);
  return {
    iframe: `<iframe src="${escaped(frame)}" title="TCP Lab" width="100%" height="720" loading="lazy" style="border: 0"></iframe>`,
    element: `<script type="module" src="${escaped(site)}tcp-lab.js"></script>\n<tcp-lab ${named.join(' ')}></tcp-lab>`,
  };
}

/** The run as a document, which `tcplab replay` reads, too. @param {App} app */
export function runFile({ session, cursor }) {
  const { scenario, actions } = session.lab;
  return `${JSON.stringify({ tcplab: 1, scenario, actions: logToJson(actions), t_us: Math.round(cursor.t_us) }, null, 1)}\n`;
}

/**
 * Reads such a document, or a bare scenario.
 * @param {string} text
 * @returns {{scenario: Record<string, any>, actions: import('../../wasm/engine.js').Action[], t_us: number}}
 */
export function readRunFile(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new LabError('EINVAL', `file: this is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const scenario = document?.scenario ?? document;
  if (typeof scenario !== 'object' || !Array.isArray(scenario?.nodes)) throw new LabError('EINVAL', 'file: there is neither a run nor a scenario in it');
  const { actions = [], t_us = 0 } = document.scenario ? document : {};
  if (!Array.isArray(actions)) throw new LabError('EINVAL', 'actions: expected a list');
  if (!Number.isSafeInteger(t_us) || t_us < 0) throw new LabError('EINVAL', 't_us: expected a time');
  return { scenario, actions: logFromJson(actions), t_us };
}

/**
 * What a lab is made with, and what is wrong with it.
 */
import { LabError, checkInteger } from './error.js';
import { AREA } from './module.js';
import { logFromJson } from './run.js';

/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {import('./loader.js').WasmSource} WasmSource */

/**
 * How much is kept for going back.
 * @typedef {object} HistoryBounds
 * @property {number} [bytesMax] of memory for snapshots; 44 MiB
 * @property {number} [countMax] of snapshots; 160
 * @property {number} [between] steps and events between two, at first; 1024
 */

/**
 * @typedef {object} BranchInfo
 * @property {number} id 0 is the first
 * @property {number | null} parent
 * @property {{t_us: number, step: number, event: number}} fork where it left its parent; up to that event both are the same
 * @property {number} tip_us how far it has been run
 * @property {Action[]} actions all from the beginning, done and to come
 * @property {boolean} is_current
 */

/**
 * @typedef {object} LabOptions
 * @property {WasmSource} wasm the module, its bytes, or where it is
 * @property {Record<string, any>} [scenario] a scenario document; without it, an empty lab
 * @property {number} [seed] instead of the scenario's
 * @property {number} [memory_mib] for everything in the lab; 64
 * @property {Action[]} [actions] a log to be done as its times come
 * @property {HistoryBounds} [history]
 */

/** @param {unknown} actions */
export function checkActions(actions) {
  if (!Array.isArray(actions)) throw new LabError('EINVAL', 'actions: expected a list');
  let before = 0;
  actions.forEach(({ at_us, step, command }, index) => {
    const path = `actions[${index}]`;
    before = checkInteger(`${path}.at_us`, at_us, before, Number.MAX_SAFE_INTEGER);
    if (step !== undefined) checkInteger(`${path}.step`, step, 0, Number.MAX_SAFE_INTEGER);
    if (typeof command?.do !== 'string') throw new LabError('EINVAL', `${path}.command.do: expected a string`);
  });
  return actions.map((action) => ({ ...action }));
}

/**
 * A scenario must have nodes; a lab that is built by calls begins without.
 * @param {Record<string, any>} scenario
 */
export const isEmpty = ({ tcplab, seed: _seed, ...rest }) => tcplab === 1 && Object.keys(rest).length === 0;

/**
 * The scenario and the actions of a URL.
 * @param {import('./module.js').LabModule} module
 * @param {string} url
 */
export function readUrl(module, url) {
  const len = module.call('lab_api_url_unpack', module.put(AREA.request, url || ' '));
  let reply;
  try {
    reply = module.replyJson(len);
    if (reply.ok) return { ...reply.run, actions: logFromJson(reply.run.actions ?? []) };
  } catch (error) {
    throw new LabError('EINVAL', 'url: it is whole, but there is no run in it', { cause: error });
  }
  throw new LabError(reply.error, `url: ${reply.message}`);
}

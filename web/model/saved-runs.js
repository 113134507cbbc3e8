/**
 * Runs that a person has kept, by name, where the browser keeps things for a page; and as a file. A run is the text that
 * engine.js makes of scenario, seed and actions ("tcplab:1:..."). Nothing leaves the browser.
 *
 *   {"tcplab_runs": 1, "runs": [{"name": "my loss", "run": "tcplab:1:..."}]}
 *
 * @typedef {{name: string, run: string}} SavedRun
 * @typedef {{path: string, id: string, args?: Record<string, string | number>}} Fault
 */
const KEY = 'tcplab-runs';
const VERSION = 1;
export const NAME_MAX = 60;

const isText = (/** @type {unknown} */ value) => typeof value === 'string' && value.trim() !== '';

/** @param {any} each */
const isRun = (each) => isText(each?.name) && each.name.length <= NAME_MAX && isText(each?.run);

/** @param {Pick<Storage, 'getItem'>} storage @returns {SavedRun[]} what is no run is left out */
export function readRuns(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isRun).map(({ name, run }) => ({ name, run })) : [];
  } catch {
    return [];
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {SavedRun[]} runs @returns {boolean} false: the browser has no room, or keeps nothing */
function write(storage, runs) {
  try {
    storage.setItem(KEY, JSON.stringify(runs));
    return true;
  } catch {
    return false;
  }
}

/** Keeps runs; one of a name that there is takes its place. @param {Storage} storage @param {SavedRun[]} more */
export function keepRuns(storage, more) {
  const names = more.map(({ name }) => name);
  return write(storage, [...readRuns(storage).filter(({ name }) => !names.includes(name)), ...more]);
}

/** @param {Storage} storage @param {string} name */
export const dropRun = (storage, name) => write(storage, readRuns(storage).filter((each) => each.name !== name));

/** @param {SavedRun[]} runs */
export const runsToFile = (runs) => `${JSON.stringify({ tcplab_runs: VERSION, runs }, null, 2)}\n`;

/**
 * @param {string} text the file's
 * @param {(run: string) => string} check '' or what is wrong with a run's text
 * @returns {{runs: SavedRun[], faults: Fault[]}} with faults, no runs
 */
export function runsFromFile(text, check) {
  const refuse = (/** @type {Fault[]} */ ...faults) => ({ runs: [], faults });
  /** @type {any} */
  let file;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return refuse({ path: '', id: 'runs-fault-json', args: { why: error instanceof Error ? error.message : '' } });
  }
  if (file === null || typeof file !== 'object' || !('tcplab_runs' in file)) return refuse({ path: '', id: 'runs-fault-kind' });
  if (file.tcplab_runs !== VERSION) return refuse({ path: 'tcplab_runs', id: 'runs-fault-version', args: { found: String(file.tcplab_runs), known: VERSION } });
  if (!Array.isArray(file.runs)) return refuse({ path: 'runs', id: 'runs-fault-list' });
  const runs = /** @type {any[]} */ (file.runs);
  const faults = runs.flatMap((each, i) => faultsOf(`runs[${i}]`, each, check));
  return faults.length > 0 ? refuse(...faults) : { runs: runs.map(({ name, run }) => ({ name, run })), faults };
}

/** @param {string} path @param {any} each @param {(run: string) => string} check @returns {Fault[]} */
function faultsOf(path, each, check) {
  if (!isText(each?.name) || each.name.length > NAME_MAX) return [{ path: `${path}.name`, id: 'runs-fault-name', args: { max: NAME_MAX } }];
  const why = isText(each.run) ? check(each.run) : '';
  if (isText(each.run) && why === '') return [];
  return [{ path: `${path}.run`, id: 'runs-fault-run', args: { why } }];
}

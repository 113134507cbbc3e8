/** The page's start. */
import { withWords } from './i18n/index.js';
import { startPage } from './start.js';
import { compiledModule } from './elements/tcp-lab.js';
import { PageLab } from './page-lab.js';

startPage();
customElements.define('tcp-lab', PageLab);

const lab = /** @type {PageLab} */ (/** @type {Element} */ (document.querySelector('tcp-lab')));

/** The dialog with all runs is fetched when it is first wanted. */
async function openRuns() {
  const [{ LabRuns }, wasm] = await Promise.all([withWords(import('./elements/lab-runs.js')), compiledModule()]);
  const there = /** @type {import('./elements/lab-runs.js').LabRuns | null} */ (document.querySelector('lab-runs'));
  const runs = there ?? document.body.appendChild(Object.assign(new LabRuns(), { app: lab.app, wasm }));
  await runs.open();
}

lab.addEventListener('open-runs', () => void openRuns());
if (new URLSearchParams(location.search).has('present')) {
  void import('./present.js').then(({ present }) => present(lab));
}

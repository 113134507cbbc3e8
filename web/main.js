/** The page's start. */
import { startPage } from './start.js';
import { PageLab } from './page-lab.js';

startPage();
customElements.define('tcp-lab', PageLab);
if (new URLSearchParams(location.search).has('present')) {
  const lab = /** @type {PageLab} */ (document.querySelector('tcp-lab'));
  void import('./present.js').then(({ present }) => present(lab));
}

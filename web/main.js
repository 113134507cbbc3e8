/** The page's start. */
import { startPage } from './start.js';
import { TcpLab } from './elements/tcp-lab.js';

startPage();
customElements.define('tcp-lab', TcpLab);
if (new URLSearchParams(location.search).has('present')) {
  const lab = /** @type {TcpLab} */ (document.querySelector('tcp-lab'));
  void import('./present.js').then(({ present }) => present(lab));
}

/** The page's start. */
import { startPage } from './start.js';
import { TcpLab } from './elements/tcp-lab.js';

startPage();
customElements.define('tcp-lab', TcpLab);

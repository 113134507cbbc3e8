/**
 * <tcp-lab> for other people's pages, as an ES module: `<script type="module" src=".../tcp-lab.js"></script>`. Its own files lie
 * beside it, wherever that is. tcp-lab.classic.js is the same as a classic script.
 */
import { EmbeddedLab } from './embed/embedded-lab.js';

if (!customElements.get('tcp-lab')) customElements.define('tcp-lab', EmbeddedLab);

export { EmbeddedLab as TcpLab };

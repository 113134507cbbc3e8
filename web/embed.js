/** A lab in a frame of its own: the address says what is wanted, messages say what happens. */
import { FramePort } from './embed/frame-port.js';
import { EmbeddedLab } from './embed/embedded-lab.js';
import { parametersOf } from './embed/parameters.js';
import { getLanguage, onLanguage } from './i18n/index.js';

const tellLanguage = () => (document.documentElement.lang = getLanguage());

customElements.define('tcp-lab', EmbeddedLab);
const lab = new EmbeddedLab();
for (const [name, value] of parametersOf(location.search, location.hash)) lab.setAttribute(name, value);
lab.keeps_progress = true;
lab.in_frame = true;
new FramePort(lab, /** @type {any} */ (window), new URLSearchParams(location.search).get('origin') ?? '');
document.body.append(lab);
tellLanguage();
onLanguage(tellLanguage);

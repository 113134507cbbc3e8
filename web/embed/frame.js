/** A lab in a frame of its own: the address says what is wanted, messages say what happens. */
import { EmbeddedLab } from './embedded-lab.js';
import { FramePort } from './frame-port.js';
import { parametersOf } from './parameters.js';
import { getLanguage, onLanguage } from '../i18n/index.js';

/** One lab, as tall as the frame. No file: some frames are not given any. */
const SHEET = 'html, body { margin: 0; height: 100% } tcp-lab { height: 100% }';

const tellLanguage = () => (document.documentElement.lang = getLanguage());

export function startFrame() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  document.adoptedStyleSheets = [sheet];
  const asked = new URLSearchParams(location.search);
  const lab = new EmbeddedLab();
  for (const [name, value] of parametersOf(location.search, location.hash)) lab.setAttribute(name, value);
  lab.keeps_progress = true;
  lab.in_frame = true;
  lab.landmark = 'main';
  new FramePort(lab, /** @type {any} */ (window), asked.get('origin') ?? '');
  document.body.append(lab);
  tellLanguage();
  onLanguage(tellLanguage);
  // Only who asks for it gets a lab that is there without a network, too.
  if (asked.get('offline') === '1') navigator.serviceWorker?.register(new URL('sw.js', document.baseURI)).catch(() => {});
}

/** The words of the capture view. They are loaded with it, and with them those of packet fields. */
import { moreMessages } from './index.js';
import './views.js';

moreMessages({ ko: () => import('./ko-capture.ftl?raw'), en: () => import('./en-capture.ftl?raw') });

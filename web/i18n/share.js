/** The words of the share dialog. They are loaded with it. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-share.ftl?raw'), en: () => import('./en-share.ftl?raw') });

/** The words of runs to begin with and of runs that were kept. They are loaded when one is opened or looked for. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-runs.ftl?raw'), en: () => import('./en-runs.ftl?raw') });

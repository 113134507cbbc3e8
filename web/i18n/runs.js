/** The words of runs to begin with and of runs that were kept. They are loaded when one is opened or looked for. */
import { moreMessages } from './index.js';
import ko_runs from './ko-runs.ftl?raw';
import en_runs from './en-runs.ftl?raw';

moreMessages({ ko: [ko_runs], en: [en_runs] });

/** The words of the fault kit and of forging. They are loaded with these views. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-faults.ftl?raw'), en: () => import('./en-faults.ftl?raw') });

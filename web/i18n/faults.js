/** The words of the fault kit and of forging. They are loaded with these views. */
import { moreMessages } from './index.js';
import ko from './ko-faults.ftl?raw';
import en from './en-faults.ftl?raw';

moreMessages({ ko: [ko], en: [en] });

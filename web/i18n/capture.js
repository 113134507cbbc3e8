/** The words of the capture view. They are loaded with it, and with them those of packet fields. */
import { moreMessages } from './index.js';
import './views.js';
import ko from './ko-capture.ftl?raw';
import en from './en-capture.ftl?raw';

moreMessages({ ko: [ko], en: [en] });

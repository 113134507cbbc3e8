/** The words of the share dialog. They are loaded with it. */
import { moreMessages } from './index.js';
import ko from './ko-share.ftl?raw';
import en from './en-share.ftl?raw';

moreMessages({ ko: [ko], en: [en] });

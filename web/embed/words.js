/** The words that only an embedded lab says. */
import { moreMessages } from '../i18n/index.js';
import ko from '../i18n/ko-embed.ftl?raw';
import en from '../i18n/en-embed.ftl?raw';

moreMessages({ ko: [ko], en: [en] });

/** The words that only an embedded lab says. */
import { moreMessages } from '../i18n/index.js';

moreMessages({ ko: () => import('../i18n/ko-embed.ftl?raw'), en: () => import('../i18n/en-embed.ftl?raw') });

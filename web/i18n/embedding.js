/** The words of the page that shows how the lab is put into other pages. */
import { moreMessages } from './index.js';
import ko from './ko-embedding.ftl?raw';
import en from './en-embedding.ftl?raw';

moreMessages({ ko: [ko], en: [en] });

/** The words of the page that shows how the lab is put into other pages. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-embedding.ftl?raw'), en: () => import('./en-embedding.ftl?raw') });

/** The words of the drawer's views. They are loaded with it, not with the first look. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-views.js'), en: () => import('./en-views.js') });

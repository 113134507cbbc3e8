/** The words of a lab with more than one cable. They are loaded with its stage. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-net.ftl?raw'), en: () => import('./en-net.ftl?raw') });

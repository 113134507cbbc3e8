/** The words of the pages around the lab: the course, the teacher's page, where a lesson is tried. They load them, the lab does not. */
import { moreMessages } from './index.js';

moreMessages({ ko: () => import('./ko-pages.ftl?raw'), en: () => import('./en-pages.ftl?raw') });

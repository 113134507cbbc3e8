/** The words of the pages around the lab: the course, the teacher's page, where a lesson is tried. They load them, the lab does not. */
import { moreMessages } from './index.js';
import ko_pages from './ko-pages.ftl?raw';
import en_pages from './en-pages.ftl?raw';

moreMessages({ ko: [ko_pages], en: [en_pages] });

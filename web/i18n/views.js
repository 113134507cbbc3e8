/** The words of the drawer's views. They are loaded with it, not with the first look. */
import { moreMessages } from './index.js';
import ko_fields from './ko-fields.ftl?raw';
import ko_views from './ko-views.ftl?raw';
import en_fields from './en-fields.ftl?raw';
import en_views from './en-views.ftl?raw';

moreMessages({ ko: [ko_fields, ko_views], en: [en_fields, en_views] });

/** The course page's start: theme and language before the first drawing, then the list. */
import { getLanguage, onLanguage } from './i18n/index.js';
import { startTheme } from './theme.js';
import './elements/lab-course.js';

const tellLanguage = () => (document.documentElement.lang = getLanguage());

startTheme();
tellLanguage();
onLanguage(tellLanguage);

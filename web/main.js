/** The page's start: theme and language before the first drawing, then the lab. */
import { getLanguage, onLanguage } from './i18n/index.js';
import { startTheme } from './theme.js';
import './elements/tcp-lab.js';

const tellLanguage = () => (document.documentElement.lang = getLanguage());

startTheme();
tellLanguage();
onLanguage(tellLanguage);

/** The start of every page: theme and language before the first drawing. */
import { getLanguage, onLanguage } from './i18n/index.js';
import { startTheme } from './theme.js';

const tellLanguage = () => (document.documentElement.lang = getLanguage());

export function startPage() {
  startTheme();
  tellLanguage();
  onLanguage(tellLanguage);
}

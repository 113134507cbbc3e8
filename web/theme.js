/** Light or dark: what the person chose here, or else what their system says. */
const STORE_KEY = 'tcplab-theme';

/** @typedef {'light' | 'dark'} Theme */

/** @returns {Theme} */
export const getTheme = () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

/** @param {Theme} theme */
export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(STORE_KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** Before the first element is drawn. */
export function startTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let chosen = new URLSearchParams(location.search).get('theme');
  try {
    chosen ??= localStorage.getItem(STORE_KEY);
  } catch {
    // As above.
  }
  const theme = chosen === 'dark' || chosen === 'light' ? chosen : null;
  document.documentElement.dataset.theme = theme ?? (dark.matches ? 'dark' : 'light');
  if (!theme)
    {dark.addEventListener('change', () => (document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light'));}
}

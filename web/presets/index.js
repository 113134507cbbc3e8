/**
 * Runs to begin with: scenarios in which something is to be seen. Each is a document as the command line runs it; its name and its
 * sentence stand in the language files (preset-NAME, preset-NAME-about).
 */
const documents = import.meta.glob('./*.json', { import: 'default' });

/** In the order in which they are shown. */
export const PRESETS = [
  ...['quiet-lan', 'web-request', 'mail', 'lossy-wifi', 'satellite', 'slow-modem', 'switch', 'narrow-path'],
  ...['simultaneous-open', 'crossing-fins', 'half-close', 'refused', 'silence', 'unplugged'],
  ...['tiny-window', 'long-queue', 'reno-and-cubic', 'udp-against-tcp', 'ecn'],
  ...['bad-memory', 'syn-flood', 'syn-cookies'],
];

/** @param {string} name @returns {Promise<Record<string, any> | null>} its scenario; null: there is none of that name */
export async function loadPreset(name) {
  if (!PRESETS.includes(name)) return null;
  return /** @type {Record<string, any>} */ (await documents[`./${name}.json`]());
}

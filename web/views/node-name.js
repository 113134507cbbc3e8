/** What a machine is called: in words when it is one that everybody knows, else by its own name. */
import { t } from '../i18n/index.js';

const KNOWN = ['client', 'server', 'router'];

/** @param {string} name */
export const nodeName = (name) => (KNOWN.includes(name) ? t('host', { node: name }) : name);

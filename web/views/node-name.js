/** What machines and runs are called: in words when it is one that everybody knows, or has no name of its own. */
import { t } from '../i18n/index.js';

const KNOWN = ['client', 'server', 'router', 'switch'];

/** @param {string} name */
export const nodeName = (name) => (KNOWN.includes(name) ? t('host', { node: name }) : name);

/** @param {import('../model/app.js').App} app @param {number} id */
export const runName = (app, id) => app.session.branches.names.get(id) ?? t('branch', { number: id + 1 });

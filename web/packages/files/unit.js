/** What the pages for learning platforms share: the lab in a frame below, and a line of text when something is wrong. */
// @ts-ignore it lies beside this file in the package
import { LabFrame } from './tcplab-host.js';

/** @param {string} lesson */
export function openLab(lesson) {
  const asked = new URLSearchParams(location.search);
  const iframe = document.createElement('iframe');
  const lab = new URLSearchParams({ lesson });
  for (const name of ['lang', 'theme']) if (asked.has(name)) lab.set(name, String(asked.get(name)));
  iframe.title = 'TCP Lab';
  iframe.src = `embed.html?${lab}`;
  document.body.append(iframe);
  new LabFrame(iframe, { resize: false });
  return iframe;
}

/** @param {string} text */
export function complain(text) {
  const line = /** @type {HTMLElement} */ (document.querySelector('[role=alert]'));
  line.textContent = text;
  line.hidden = false;
}

/** Whole seconds since the page was opened. */
export const seconds = () => Math.floor(performance.now() / 1000);

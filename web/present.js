/**
 * A lesson shown to a room (`?present=1`): large type, a large ladder, and keys for who stands in front of it. Loaded only then,
 * and styled from outside, so that the lab as it is need not know of it.
 *
 * Enter, N, Page Down: on. 1 to 9: that answer; a question for a number takes the digits. Page Up: back a step. Escape: ends it.
 */
import { getLanguage } from './i18n/index.js';

/** @typedef {import('./elements/tcp-lab.js').TcpLab} TcpLab */

/** What the lesson says stands between the hosts, over their cable; the ladder gets all the rest. What is not needed in front of a room is away. */
const LAYOUT = `
  .whole {
    zoom: var(--larger);
    height: calc(100dvh / var(--larger)) !important;
    min-height: 540px !important;
  }
  .whole .grid {
    height: 100%;
    grid-template:
      'client predict server' minmax(142px, auto)
      'client wire server' auto
      'ladder ladder ladder' minmax(160px, 1fr)
      'player player player' auto / 248px minmax(0, 1fr) 248px;
  }
  .whole.free .grid {
    grid-template:
      'client predict server' minmax(142px, auto)
      'client wire server' auto
      'left ladder right' minmax(160px, 1fr)
      'player player player' auto / 248px minmax(0, 1fr) 248px;
  }
  .whole .client,
  .whole .server {
    align-self: end;
  }
  /* A network reaches further below its line than a cable. */
  .whole .grid:has(lab-net) :is(.client, .server) {
    margin-bottom: 52px;
  }
  .whole .predict {
    border: 0;
  }
  .whole:not(.free) .ladder {
    margin: 0 var(--side);
  }
  .whole .news,
  .whole .link,
  .whole:not(.free) .left,
  .whole:not(.free) .right,
  .whole:not(.free) .wire::part(hands) {
    display: none;
  }
  .whole .left,
  .whole .right {
    overflow: auto;
  }
`;
/** Of the top line only the name remains, for who hears the page. */
const HEADER = `
  header { height: 0; min-height: 0 !important; padding: 0 !important; border: 0; overflow: hidden; }
  nav { display: none; }
`;
const WORDS = `
  :root { --text-l: 19px; --larger: 1; }
  @media (min-width: 1100px) { :root { --larger: 1.3; } }
  @media (min-width: 1900px) { :root { --larger: 1.6; } }
`;

/** Styles of its own for a page or an element. @param {DocumentOrShadowRoot} root @param {string} css */
function dress(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** @param {TcpLab} lab @param {string} selector @returns {HTMLElement | null | undefined} in the lesson */
const inLesson = (lab, selector) => lab.shadowRoot?.querySelector('lab-lesson')?.shadowRoot?.querySelector(selector);

/** @param {TcpLab} lab @param {string} key @returns {boolean} was it an answer? */
function answer(lab, key) {
  const field = inLesson(lab, 'input[name=number]');
  if (field) {
    field.focus(); // and the digit goes into it
    return false;
  }
  const choices = lab.shadowRoot?.querySelector('lab-lesson')?.shadowRoot?.querySelectorAll('[data-choice]') ?? [];
  const choice = /** @type {HTMLElement | undefined} */ ([...choices][Number(key) - 1]);
  choice?.click();
  return choice !== undefined;
}

/** Does what a key asks. @param {TcpLab} lab @param {KeyboardEvent} event @returns {boolean} false: it is for somebody else */
function act(lab, event) {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  const isTyping = target.matches?.('input:not([type=range]), textarea, select');
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || lab.app.help_open) return false;
  switch (event.key) {
    case 'Enter':
      if (target.matches?.('button, a, [role=button]')) return false;
      break;
    case 'n':
    case 'N':
    case 'ㅜ':
    case 'PageDown':
      break;
    case 'PageUp':
      lab.app.step('back');
      return true;
    case 'Escape':
      if (lab.app.drawer_open) return false;
      location.assign(`./teacher.html?lang=${getLanguage()}`);
      return true;
    default:
      return /^[1-9]$/.test(event.key) && answer(lab, event.key);
  }
  goOn(lab);
  return true;
}

/** To the next step, or the next lesson, which is presented, too. @param {TcpLab} lab */
function goOn(lab) {
  const next = /** @type {HTMLAnchorElement | null | undefined} */ (inLesson(lab, '[data-next]'));
  if (next) location.assign(`${next.href}&present=1`);
  else inLesson(lab, '[data-continue]')?.click();
}

/** @param {TcpLab} lab with its app */
function begin(lab) {
  const root = /** @type {ShadowRoot} */ (lab.shadowRoot);
  dress(root, LAYOUT);
  dress(document, WORDS);
  dress(/** @type {ShadowRoot} */ (root.querySelector('lab-header')?.shadowRoot), HEADER);
  const free = () => root.querySelector('.whole')?.classList.toggle('free', lab.app.lesson?.run.kind === 'task');
  lab.app.subscribe(() => void lab.updateComplete.then(free));
  free();
  /** @type {HTMLElement | null} */ (root.querySelector('.main'))?.focus({ preventScroll: true });
  addEventListener('keydown', (event) => {
    if (act(lab, event)) event.preventDefault();
  });
}

/** @param {TcpLab} lab that may still be starting */
export function present(lab) {
  let begun = false;
  lab.addController({
    hostUpdated() {
      if (begun || !lab.app?.lesson) return;
      begun = true;
      begin(lab);
    },
  });
  lab.requestUpdate();
}

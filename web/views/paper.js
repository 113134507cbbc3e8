/**
 * The ladder on paper. While it is printed, its pages stand in the document instead of the lab (styles/print.css); whoever
 * prints with the browser's own command gets them, too, once this has come.
 */
import '../styles/print.css';
import { ladderPages } from './ladder-sheet.js';

/** What fits beneath the margins of A4 and of Letter, when the drawing is as wide as the page. */
const PAGE_PX = 960;

/** @type {import('../model/app.js').App | null} */
let shown = null;

function putAway() {
  for (const paper of document.querySelectorAll('.paper')) paper.remove();
}

function layOut() {
  putAway();
  if (!shown) return;
  const paper = document.createElement('div');
  paper.className = 'paper';
  for (const svg of ladderPages(shown, PAGE_PX)) {
    const page = document.createElement('div');
    page.className = 'page';
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    page.append(document.importNode(parsed.documentElement, true));
    paper.append(page);
  }
  document.body.append(paper);
}

/** From now on printing prints this lab's ladder. @param {import('../model/app.js').App} app */
export function preparePaper(app) {
  if (!shown) {
    addEventListener('beforeprint', layOut);
    addEventListener('afterprint', putAway);
  }
  shown = app;
}

/** @param {import('../model/app.js').App} app */
export function printLadder(app) {
  preparePaper(app);
  window.print();
}

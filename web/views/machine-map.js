/**
 * The map of TCP's states, as RFC 9293 draws it in figure 5: who opens on top, who closes below, the two sides of a
 * close left and right. Each state has a place for either end at its upper corners: filled where it is now, a ring
 * where it has been.
 */
import { nothing, svg } from 'lit';
import { EDGES, visitOver } from '../model/machine.js';

/** @typedef {import('../model/machine.js').Visit} Visit */
/** @typedef {{path: Visit[], badge: string}} End */

export const MAP_HEIGHT = 496;
const BOX = { width: 100, height: 28 };
const ROW_PX = 72;
const TOP_PX = 26;
/** The width of a character of the labels. */
const CHAR_PX = 7.4;

/** Column (-1, 0, 1) and row of each state; CLOSED stands twice, as the start and as the end. @type {Record<string, [number, number]>} */
const PLACES = {
  CLOSED: [0, 0],
  LISTEN: [0, 1],
  SYN_RCVD: [-1, 2],
  SYN_SENT: [1, 2],
  ESTABLISHED: [0, 3],
  FIN_WAIT_1: [-1, 4],
  CLOSE_WAIT: [1, 4],
  FIN_WAIT_2: [-1, 5],
  CLOSING: [0, 5],
  LAST_ACK: [1, 5],
  TIME_WAIT: [0, 6],
  END: [1, 6],
};

/** Where a way's label stands beside its middle: across, down, and which end of the text is there. @type {Record<string, [number, number, string]>} */
const LABELS = {
  'CLOSED LISTEN': [-20, 4, 'end'],
  'CLOSED SYN_SENT': [12, 6, 'start'],
  'LISTEN SYN_RCVD': [0, 0, 'middle'],
  'SYN_SENT SYN_RCVD': [0, -6, 'middle'],
  'SYN_SENT ESTABLISHED': [8, 4, 'middle'],
  'SYN_RCVD ESTABLISHED': [0, 4, 'middle'],
  'ESTABLISHED FIN_WAIT_1': [0, 0, 'middle'],
  'ESTABLISHED CLOSE_WAIT': [0, 0, 'middle'],
  'FIN_WAIT_1 FIN_WAIT_2': [6, 4, 'start'],
  'FIN_WAIT_1 CLOSING': [6, -2, 'middle'],
  'FIN_WAIT_2 TIME_WAIT': [0, 10, 'middle'],
  'CLOSE_WAIT LAST_ACK': [-6, 4, 'end'],
  'CLOSING TIME_WAIT': [6, 4, 'start'],
  'LAST_ACK END': [-6, 4, 'end'],
  'TIME_WAIT END': [0, 30, 'middle'],
};

/** Ways there and back run side by side. @type {Record<string, number>} */
const ASIDE = { 'LISTEN CLOSED': -14, 'SYN_SENT CLOSED': -14, 'CLOSED SYN_SENT': 4 };

/** The lower CLOSED is where a close ends. @param {import('../model/machine.js').Edge} way */
const goal = (way) => (way.to === 'CLOSED' && (way.from === 'LAST_ACK' || way.from === 'TIME_WAIT') ? 'END' : way.to);

/** @param {string} name @param {number} width */
export function placeOf(name, width) {
  const [column, row] = PLACES[name];
  return { x: width / 2 + column * (width / 2 - BOX.width / 2 - 8), y: TOP_PX + row * ROW_PX };
}

/** From the edge of one box to the edge of the other. @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function line(a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const part = Math.min((BOX.width / 2 + 2) / Math.abs(dx || 1e-9), (BOX.height / 2 + 2) / Math.abs(dy || 1e-9));
  return { x0: a.x + dx * part, y0: a.y + dy * part, x1: b.x - dx * part, y1: b.y - dy * part };
}

/**
 * @param {import('../model/machine.js').Edge} way
 * @param {number} width
 * @param {{taken: boolean, ahead: boolean, lit: boolean, labelled: boolean, point: (on: boolean) => void}} how
 */
export function wayMark(way, width, { taken, ahead, lit, labelled, point }) {
  const to = goal(way);
  const aside = ASIDE[`${way.from} ${way.to}`] ?? 0;
  const [a, b] = [placeOf(way.from, width), placeOf(to, width)].map(({ x, y }) => ({ x: x + aside, y }));
  const { x0, y0, x1, y1 } = line(a, b);
  const angle = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
  const label = LABELS[`${way.from} ${to}`];
  const text_x = (x0 + x1) / 2 + (label?.[0] ?? 0);
  const right = width - way.label.length * CHAR_PX; // a label that begins later would be cut off
  const kind = taken ? 'taken' : ahead ? 'ahead' : '';
  return svg`<g class="way ${kind} ${lit ? 'lit' : ''}" data-way="${way.from} ${way.to}" @mouseenter=${() => point(true)} @mouseleave=${() => point(false)}>
    ${lit ? svg`<line class="mark" x1=${x0} y1=${y0} x2=${x1} y2=${y1}></line>` : nothing}
    <line class="line" x1=${x0} y1=${y0} x2=${x1} y2=${y1}></line>
    <path class="head" transform="translate(${x1} ${y1}) rotate(${angle})" d="M0 0L-8 -4V4z"></path>
    ${
      label && labelled
        ? svg`<text x=${label[2] === 'start' ? Math.min(text_x, right) : text_x} y=${(y0 + y1) / 2 + label[1]} text-anchor=${label[2]}>${way.label}</text>`
        : nothing
    }
    <line class="grip" x1=${x0} y1=${y0} x2=${x1} y2=${y1}></line>
  </g>`;
}

/** All ways: those taken over those not. @param {number} width @param {End[]} ends @param {number} seen @param {(way: import('../model/machine.js').Edge) => {lit: boolean, point: (on: boolean) => void}} link */
export function allWays(width, ends, seen, link) {
  const marks = EDGES.map((way) => {
    const visits = ends.flatMap(({ path }) => visitOver(path, way) ?? []);
    const taken = visits.some((visit) => visit.id <= seen);
    return { way, taken, ahead: !taken && visits.length > 0 };
  }).sort((a, b) => Number(a.taken) - Number(b.taken));
  const labelled = width >= 380;
  return marks.map(({ way, taken, ahead }) => wayMark(way, width, { taken, ahead, ...link(way), labelled: labelled || taken }));
}

/**
 * One state.
 * @param {string} name as in PLACES
 * @param {number} width
 * @param {{badge: string, now: boolean}[]} badges for the client and the server; an empty badge: never been here
 */
export function stateMark(name, width, badges) {
  const { x, y } = placeOf(name, width);
  const [left, top] = [x - BOX.width / 2, y - BOX.height / 2];
  const isNow = badges.some((each) => each.now);
  const isVisited = badges.some((each) => each.badge);
  return svg`<g class="state ${isNow ? 'now' : ''} ${isVisited ? 'been' : ''}">
    <rect x=${left} y=${top} width=${BOX.width} height=${BOX.height} rx="4"></rect>
    <text x=${x} y=${y + 4} text-anchor="middle">${name === 'END' ? 'CLOSED' : name}</text>
    ${badges.map(({ badge, now }, i) => {
      const at = i === 0 ? left + 4 : left + BOX.width - 4;
      return badge
        ? svg`<g class="badge ${now ? 'here' : ''}"><circle cx=${at} cy=${top - 1} r="9"></circle><text x=${at} y=${top + 3} text-anchor="middle">${badge}</text></g>`
        : nothing;
    })}
  </g>`;
}

/** The states with their places, in reading order. */
export const MAP_STATES = Object.keys(PLACES);
export const BOX_SIZE = BOX;

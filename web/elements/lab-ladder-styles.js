/** How the ladder's marks look; what they mean is told in views/ladder-marks.js. */
import { css } from 'lit';

export const ladderStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    min-width: 0;
    container: ladder / inline-size;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    min-height: 36px;
  }
  .tools h2 {
    margin-right: 8px;
  }
  .tools button {
    white-space: nowrap;
  }
  /* Beside the drawer or on a phone the tools stay one line, if words are not too long; the diagram is what it looks like. */
  @container ladder (max-width: 479px) {
    .tools {
      position: relative;
      justify-content: space-between;
      gap: 0;
    }
    .tools .menu {
      position: static;
    }
    .tools .menu > div {
      right: auto;
      left: 0;
    }
    .tools h2 {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .tools button {
      padding-inline: 5px;
    }
  }
  .scroller {
    flex: 1;
    min-height: 0;
    overflow: var(--scroll, auto);
    overscroll-behavior: var(--overscroll, contain);
    scrollbar-width: thin;
    position: relative;
    touch-action: pan-y;
  }
  .paper {
    position: relative;
  }
  .window {
    position: sticky;
    top: 0;
    overflow: hidden;
  }
  .window > canvas,
  .window > svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .window > canvas[hidden] {
    display: none;
  }
  .hint {
    position: absolute;
    inset: 35% 12% auto;
    width: fit-content;
    margin-inline: auto;
    padding-inline: 8px;
    text-align: center;
    color: var(--second);
    background: var(--paper);
    pointer-events: none;
  }
  .hint.low {
    inset: auto auto 8px 68px;
    padding: 0 6px;
    background: var(--paper);
  }
  .head {
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 6px;
  }
  .menu {
    position: relative;
    color: var(--second);
  }
  .menu > summary {
    min-height: 28px;
    padding: 3px 6px;
    cursor: pointer;
  }
  .menu > div {
    position: absolute;
    right: 0;
    z-index: 4;
    display: grid;
    max-height: 320px;
    padding: 8px 12px;
    overflow: auto;
    border: 1px solid var(--edge);
    border-radius: 4px;
    background: var(--paper);
  }
  .menu label {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 28px;
    color: var(--ink);
    white-space: nowrap;
  }
  .pages {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    color: var(--second);
  }
  text {
    font: 12px var(--mono);
    fill: var(--ink);
  }
  .tick text,
  .fold text {
    fill: var(--second);
  }
  .tick line {
    stroke: var(--edge);
  }
  .fold path {
    stroke: var(--hair);
    fill: none;
    stroke-dasharray: 4 3;
  }
  .fold text,
  .label,
  .state,
  .call {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
    stroke-linejoin: round;
  }
  .fold text {
    font-family: var(--sans);
  }
  .life {
    stroke: var(--hair);
    stroke-width: 10;
  }
  .band.listen {
    fill: var(--band-listen);
  }
  .band.half {
    fill: var(--band-half);
  }
  .band.full {
    fill: var(--band-full);
  }
  .band.closing {
    fill: var(--band-closing);
  }
  .state {
    font-weight: 600;
  }
  .call {
    fill: var(--application-ink);
    font-weight: 600;
  }
  .parting line {
    stroke: var(--ink);
    stroke-dasharray: 6 4;
  }
  .parting text {
    font: 600 12px var(--sans);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
  }
  .now {
    stroke: var(--now);
    stroke-width: 1.5;
  }
  .flag rect {
    fill: var(--now-ground);
  }
  .flag text {
    fill: var(--on-now);
    font-weight: 600;
  }
  .arrow {
    cursor: pointer;
    --hue: var(--ink);
  }
  .arrow.transport {
    --hue: var(--transport);
  }
  .arrow.internet {
    --hue: var(--internet);
  }
  .arrow.link {
    --hue: var(--link);
  }
  .arrow > :not(.grip, .label) {
    pointer-events: none;
  }
  .grip {
    stroke: transparent;
    stroke-width: 16;
  }
  .mark {
    stroke: var(--mark);
    stroke-width: 12;
    stroke-linecap: round;
  }
  .way {
    stroke: var(--hue);
  }
  .again .way {
    stroke-dasharray: 9 5;
  }
  .dots {
    stroke: var(--hue);
    stroke-width: 1.5;
    stroke-dasharray: 1.5 5;
    stroke-linecap: round;
  }
  .open {
    fill: none;
    stroke: var(--hue);
    stroke-width: 1.8;
  }
  .full {
    fill: var(--hue);
  }
  .ring {
    fill: var(--paper);
    stroke: var(--hue);
    stroke-width: 1.8;
  }
  .tip {
    fill: var(--mark);
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .cross {
    stroke: var(--ink);
    stroke-width: 2.4;
    fill: none;
  }
  .label {
    font-weight: 500;
  }
  .selected .label {
    font-weight: 700;
  }
  .arrow:hover .label {
    text-decoration: underline;
  }
  .future {
    opacity: 0.55;
  }
  .bracket path {
    fill: none;
    stroke: var(--edge);
  }
  .bracket text {
    fill: var(--second);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    text-align: left;
    font-weight: 600;
    color: var(--second);
    font-size: var(--text-s);
  }
  th,
  td {
    padding: 4px 8px 4px 0;
    border-bottom: 1px solid var(--hair);
  }
  tr.lit {
    background: var(--mark-tint);
  }
  tr[aria-current] td:first-child {
    box-shadow: inset 3px 0 0 var(--now);
    padding-left: 8px;
  }
  td.time {
    white-space: nowrap;
  }
  td button.plain {
    padding-left: 0;
    color: var(--ink);
  }
`;

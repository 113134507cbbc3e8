/** How the parts of the sequence space look: what is sure is filled, what may come is outlined, textures tell the rest. */
import { css } from 'lit';

export const sequenceStyles = css`
  :host {
    display: block;
  }
  .ways {
    display: flex;
    gap: 8px;
    margin: -4px 0 8px -6px;
  }
  .bars {
    position: relative;
  }
  .bars svg,
  .cells svg {
    display: block;
    width: 100%;
    overflow: visible;
  }
  .bars input {
    position: absolute;
    left: 0;
    top: 60px;
    width: 100%;
    height: 74px;
    margin: 0;
    opacity: 0;
    cursor: ew-resize;
  }
  .bars:has(input:focus-visible) {
    outline: 2px solid var(--ink);
    outline-offset: 4px;
  }
  text {
    font: 12px var(--mono);
    fill: var(--ink);
  }
  text.row-name {
    font: 12px var(--sans);
    fill: var(--second);
  }
  text.edge {
    fill: var(--second);
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
    stroke-linejoin: round;
  }
  .edge-line,
  .tick {
    stroke: var(--edge);
  }
  .lens {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .mark {
    fill: var(--mark);
  }
  .part {
    stroke: var(--paper);
    stroke-width: 1;
  }
  .part.acked,
  .part.waiting {
    fill: var(--transport-tint);
    stroke: var(--band-half);
  }
  .part.control {
    fill: var(--hair);
    stroke: var(--edge);
  }
  .part.flight {
    fill: var(--transport);
  }
  .part.read {
    fill: var(--application-tint);
    stroke: var(--application);
  }
  .part.sacked,
  .part.held {
    fill: url(#hatch);
    stroke: var(--transport);
  }
  .part.lost {
    fill: url(#cross);
    stroke: var(--ink);
    stroke-dasharray: 3 2;
  }
  .part.sendable {
    fill: var(--paper);
    stroke: var(--transport);
    stroke-width: 1.5;
  }
  .part.free,
  .part.open {
    fill: var(--paper);
    stroke: var(--edge);
    stroke-dasharray: 2 3;
  }
  .part.beyond {
    fill: url(#grey);
    stroke: var(--edge);
  }
  .under {
    fill: var(--transport-tint);
  }
  .over {
    fill: var(--band-half);
  }
  .stroke {
    stroke: var(--ink);
    stroke-width: 1.2;
  }
  rect.edge {
    fill: var(--edge);
  }
  .cell.lit {
    stroke: var(--mark);
    stroke-width: 2;
    stroke-dasharray: none;
  }
  .char {
    pointer-events: none;
  }
  .char.on-flight {
    fill: var(--on-layer);
  }
  .char.control {
    font-weight: 700;
  }
  .lens-head {
    display: flex;
    justify-content: space-between;
    align-items: center;
    margin: 4px 0;
  }
  h3 {
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    margin-top: 16px;
  }
  caption {
    text-align: left;
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
    padding-bottom: 4px;
  }
  th,
  td {
    padding: 4px 8px 4px 0;
    border-bottom: 1px solid var(--hair);
    text-align: left;
    font-weight: 400;
  }
  td {
    text-align: right;
    white-space: nowrap;
  }
  td:last-child {
    padding-right: 0;
  }
  .swatch {
    width: 24px;
    height: 14px;
    vertical-align: -2px;
    margin-right: 8px;
  }
  .sums {
    margin-top: 12px;
  }
  .empty {
    margin-top: 16px;
  }
`;

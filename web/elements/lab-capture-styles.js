/** How an opened capture looks: quiet tables, the ladder, and beside it the two ends or a packet. */
import { css } from 'lit';

export const captureStyles = css`
  :host {
    display: block;
    container: lab / inline-size;
    --side: 32px;
    background: var(--paper);
    outline: none;
  }
  .page {
    display: flex;
    flex-direction: column;
    min-height: 100dvh;
  }
  .page.with-ladder {
    height: max(100dvh, 560px);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 56px;
    padding: 6px var(--side);
    border-bottom: 1px solid var(--hair);
  }
  h1 {
    font-size: var(--text-l);
    font-weight: 700;
    overflow-wrap: anywhere;
  }
  /* It has the focus so that reading begins here, not to be acted on. */
  h1:focus-visible {
    outline: none;
  }
  .top .about {
    flex: 1;
    min-width: 12em;
  }
  .body {
    flex: 1;
    min-height: 0;
    padding: 16px var(--side);
    display: flex;
    flex-direction: column;
    gap: 12px;
  }
  .warn {
    padding-left: 10px;
    border-left: 3px solid var(--now);
  }
  .failed {
    max-width: 40em;
    padding: 32px 0;
    display: grid;
    gap: 12px;
  }
  .failed p:first-child {
    font-size: var(--text-l);
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  progress {
    display: block;
    width: min(480px, 100%);
    margin: 12px 0;
    accent-color: var(--ink);
  }
  .order {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .order label {
    color: var(--second);
    font-size: var(--text-s);
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    text-align: left;
    vertical-align: baseline;
    padding: 6px 16px 6px 0;
    border-bottom: 1px solid var(--hair);
    font-weight: 400;
  }
  thead th {
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
    white-space: nowrap;
  }
  .number {
    text-align: right;
    white-space: nowrap;
  }
  td button.plain {
    padding-left: 0;
    color: var(--ink);
    font: 600 12px var(--mono);
    text-align: left;
    white-space: normal;
  }
  .to {
    display: block;
  }
  .connection {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(380px, 32%);
    gap: 24px;
  }
  .connection > section {
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
    outline-offset: -2px;
  }
  .aside h2 {
    margin: 0 0 8px;
  }
  .aside h2:not(:first-child) {
    margin-top: 20px;
  }
  .aside th[scope='row'] {
    color: var(--second);
    font-size: var(--text-s);
  }
  .aside thead th {
    white-space: normal;
    overflow-wrap: anywhere;
    font-family: var(--mono);
  }
  .ends th[scope='row'] {
    white-space: nowrap;
  }
  .counts strong {
    color: var(--ink);
  }
  .counts thead .number {
    white-space: normal;
  }
  .packet-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 8px;
  }
  @container lab (max-width: 999px) {
    .page.with-ladder {
      height: auto;
    }
    .connection {
      grid-template: auto / minmax(0, 1fr);
    }
    .connection > section {
      overflow: visible;
    }
    lab-capture-ladder {
      height: 70dvh;
      min-height: 420px;
    }
    .connection > .sheet {
      position: fixed;
      inset: auto 0 0;
      height: 56dvh;
      padding: 12px var(--side);
      overflow: auto;
      z-index: 5;
      background: var(--paper);
      border-top: 2px solid var(--ink);
    }
    .wide {
      display: none;
    }
  }
  @container lab (max-width: 599px) {
    :host {
      --side: 16px;
    }
    .less {
      display: none;
    }
    th,
    td {
      padding-right: 10px;
    }
  }
`;

export const captureLadderStyles = css`
  /* Only what is in view is drawn: the picture stays while the paper is scrolled. */
  .paper > svg {
    position: sticky;
    top: 0;
    display: block;
    width: 100%;
    overflow: hidden;
  }
  .time {
    fill: var(--second);
  }
  .note {
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 4px;
    stroke-linejoin: round;
    font-weight: 600;
  }
  .of-verdict {
    font-family: var(--sans);
  }
  .of-state {
    fill: var(--transport-ink);
  }
  .heads rect {
    fill: var(--paper);
  }
  .heads text {
    font-weight: 600;
  }
  .pages {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
  }
  .pages p {
    font-size: var(--text-s);
    color: var(--second);
  }
  td button.plain {
    white-space: normal;
    text-align: left;
  }
`;

/** What every element's shadow root begins with. Values come from tokens.css, which shadow roots inherit. */
import { css } from 'lit';

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    font: var(--text-m) / 1.5 var(--sans);
    color: var(--ink);
    word-break: keep-all;
    overflow-wrap: break-word;
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]) {
    display: none;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  figure {
    margin: 0;
    padding: 0;
  }
  h2 {
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
  }
  code,
  .mono {
    font-family: var(--mono);
    font-size: 12px;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  .button {
    min-height: 28px;
    padding: 3px 12px;
    border: 1px solid var(--edge);
    border-radius: 16px;
    background: transparent;
    cursor: pointer;
    transition: background-color var(--quick);
    white-space: nowrap;
  }
  button:hover,
  select:hover,
  .button:hover {
    background: var(--hover);
  }
  button[aria-disabled='true'] {
    border-color: var(--hair);
    color: var(--second);
    cursor: default;
  }
  button.plain {
    border-color: transparent;
    padding: 3px 6px;
    border-radius: 4px;
    color: var(--second);
  }
  button.plain:hover {
    color: var(--ink);
  }
  button.plain[aria-pressed='true'],
  button.plain[aria-expanded='true'] {
    color: var(--ink);
    box-shadow: inset 0 -2px 0 var(--ink);
    border-radius: 0;
  }
  button.call {
    font: 600 13px / 1.4 var(--mono);
    border-radius: 4px;
    border-color: var(--application);
    color: var(--application-ink);
  }
  button.call.first {
    background: var(--application);
    color: var(--on-layer);
  }
  button.call.first:hover {
    background: var(--application-ink);
  }
  input[type='text'],
  input[type='number'] {
    min-height: 28px;
    padding: 3px 8px;
    border: 1px solid var(--edge);
    border-radius: 4px;
    background: var(--paper);
    min-width: 0;
  }
  :focus-visible {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .second {
    color: var(--second);
  }
  /* Where the system's few colours are all there is: what is pressed is told by a line, drawings keep theirs, for there colour is meant. */
  @media (forced-colors: active) {
    svg,
    .bar,
    .dump {
      forced-color-adjust: none;
    }
    button svg {
      forced-color-adjust: auto;
    }
    button[aria-pressed='true'],
    button[aria-expanded='true'],
    [role='tab'][aria-selected='true'] {
      text-decoration: underline;
      text-underline-offset: 4px;
    }
    button[aria-disabled='true'] {
      color: GrayText;
    }
  }
`;

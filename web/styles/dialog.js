/** A dialog that lies over the page; how wide it may be is its element's own. */
import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    max-height: calc(100dvh - 32px);
    padding: 24px;
    overflow: auto;
    border: 1px solid var(--ink);
    border-radius: 4px;
    background: var(--paper);
    color: var(--ink);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  h2 {
    font-size: var(--text-l);
    color: var(--ink);
  }
`;

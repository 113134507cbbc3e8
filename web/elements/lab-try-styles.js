/** The page on which a lesson is tried: texts to the left, the lesson to the right; on a narrow page below each other. */
import { css } from 'lit';

export const tryStyles = css`
  main {
    max-width: none;
  }
  .about {
    max-width: 62em;
  }
  .both {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
    gap: 24px;
    align-items: start;
  }
  .write {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .files,
  .tabs,
  .run {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .files select {
    max-width: 100%;
  }
  textarea {
    width: 100%;
    height: 52vh;
    min-height: 240px;
    padding: 8px;
    border: 1px solid var(--edge);
    border-radius: 4px;
    background: var(--paper);
    color: inherit;
    font: 12px / 18px var(--mono);
    white-space: pre;
    overflow: auto;
    resize: vertical;
    tab-size: 2;
  }
  .count {
    background: var(--now-ground);
    color: var(--on-now);
    border-radius: 8px;
    padding: 0 6px;
    font-size: var(--text-s);
  }
  .first {
    background: var(--ink);
    color: var(--paper);
    border-color: var(--ink);
    font-weight: 600;
  }
  .first[aria-disabled='true'] {
    background: transparent;
    color: var(--second);
    border-color: var(--hair);
  }
  ul {
    list-style: none;
  }
  .faults li {
    padding: 2px 0;
  }
  .place {
    all: unset;
    cursor: pointer;
    text-decoration: underline;
    text-underline-offset: 3px;
    overflow-wrap: anywhere;
  }
  .place:focus-visible {
    outline: 2px solid var(--ink);
  }
  iframe,
  .empty {
    position: sticky;
    top: 16px;
    width: 100%;
    height: calc(100vh - 32px);
    min-height: 560px;
    border: 1px solid var(--edge);
    border-radius: 4px;
  }
  .empty {
    display: grid;
    place-items: center;
    padding: 24px;
    text-align: center;
    border-style: dashed;
  }
  @media (max-width: 879px) {
    .both {
      grid-template-columns: minmax(0, 1fr);
    }
    .empty {
      min-height: 120px;
      height: auto;
    }
  }
`;

/** How the fault kit and the forge are laid out: labelled fields in columns, as many as there is room for. */
import { css } from 'lit';

export const faultStyles = css`
  section {
    border-top: 1px solid var(--hair);
    padding: 12px 0 8px;
    margin-top: 12px;
  }
  h2 {
    color: var(--ink);
    font-size: var(--text-m);
  }
  h3 {
    margin: 12px 0 4px;
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
    min-height: 28px;
    margin-bottom: 8px;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    align-items: end;
    gap: 8px 16px;
    margin-bottom: 8px;
  }
  .field {
    display: grid;
    gap: 2px;
    font-size: var(--text-s);
    color: var(--second);
    min-width: 0;
  }
  .with {
    display: flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
  }
  input[type='number'],
  input[type='text'] {
    width: 100%;
    color: var(--ink);
    font-family: var(--mono);
    font-size: 12px;
  }
  .with input[type='number'] {
    width: 76px;
  }
  .field select {
    width: 100%;
    color: var(--ink);
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--ink);
  }
  .check,
  .ways label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 24px;
    cursor: pointer;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    margin-bottom: 8px;
  }
  .next {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-top: 6px;
  }
  .who {
    flex: 0 0 88px;
    color: var(--second);
    font-size: var(--text-s);
  }
  .next button {
    padding: 3px 8px;
    font: 12px/1.5 var(--mono);
  }
  details {
    margin-top: 12px;
  }
  summary {
    min-height: 24px;
    margin-bottom: 4px;
    cursor: pointer;
    color: var(--second);
  }
  .waiting {
    padding-left: 18px;
    margin-bottom: 8px;
  }
  .wide {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    text-align: left;
    font-weight: 400;
  }
  thead th {
    color: var(--second);
    font-size: var(--text-s);
    text-align: center;
    padding: 0 8px;
  }
  tbody tr {
    border-top: 1px solid var(--hair);
  }
  tbody th {
    padding: 4px 8px 4px 0;
  }
  td {
    text-align: center;
  }
  td label {
    display: grid;
    place-items: center;
    min-height: 28px;
    cursor: pointer;
  }
`;

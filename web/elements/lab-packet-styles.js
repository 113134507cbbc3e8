/** How the packet view looks: rows without boxes, one hue for each layer. */
import { css } from 'lit';

export const packetStyles = css`
  :host {
    display: block;
  }
  .packet {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    align-content: start;
  }
  .title {
    font-size: var(--text-l);
    font-weight: 600;
  }
  h3 {
    margin-top: 8px;
    font-size: var(--text-s);
    font-weight: 600;
    color: var(--second);
  }
  .big.bar {
    height: 28px;
  }
  .big.bar > i {
    display: flex;
    align-items: center;
    justify-content: center;
    overflow: hidden;
    font: 600 12px var(--sans);
    font-style: normal;
    color: var(--on-layer);
    white-space: nowrap;
    container-type: inline-size;
  }
  .big.bar span {
    padding: 0 4px;
  }
  @container (max-width: 62px) {
    .big.bar span {
      display: none;
    }
  }
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  th,
  td {
    text-align: left;
    vertical-align: baseline;
    padding: 3px 8px 3px 0;
    font-weight: 400;
  }
  .of-name {
    width: 32%;
  }
  .of-value {
    width: 34%;
  }
  th.name {
    padding-left: 8px;
    border-left: 3px solid var(--hue);
  }
  td.value {
    font-weight: 600;
    overflow-wrap: anywhere;
    word-break: normal;
  }
  td.second {
    font-size: var(--text-s);
  }
  .head th {
    padding-top: 10px;
    font-weight: 600;
    color: var(--hue-ink);
    background: none;
  }
  tr.head {
    background: none;
  }
  .name.link,
  .name.internet,
  .name.transport,
  .name.application {
    background: none;
  }
  .name.link,
  .head.link {
    --hue: var(--link);
    --hue-ink: var(--link-ink);
  }
  .name.internet,
  .head.internet {
    --hue: var(--internet);
    --hue-ink: var(--internet-ink);
  }
  .name.transport,
  .head.transport {
    --hue: var(--transport);
    --hue-ink: var(--transport-ink);
  }
  .name.application,
  .head.application {
    --hue: var(--application);
    --hue-ink: var(--application-ink);
  }
  th.name button {
    min-height: 24px;
    padding: 0 4px;
    margin-left: -4px;
    color: inherit;
    text-align: left;
    white-space: normal;
  }
  th.name button[aria-expanded='true'] {
    box-shadow: none;
    font-weight: 600;
  }
  tr.lit {
    background: var(--mark-tint);
  }
  tr.differs .value::before {
    content: '≠ ';
    color: var(--second);
  }
  tr:not(.differs, .head) .value ~ .value {
    font-weight: 400;
    color: var(--second);
  }
  tr.more > td {
    padding: 4px 0 12px 15px;
  }
  tr.more p + p {
    margin-top: 4px;
    font-size: var(--text-s);
  }
  .working {
    margin-top: 8px;
    table-layout: auto;
  }
  .working caption {
    text-align: left;
    padding-bottom: 4px;
    font-size: var(--text-s);
    color: var(--second);
  }
  .working td.mono {
    text-align: right;
    padding-right: 16px;
  }
  .working td.second {
    width: 50%;
    font-size: var(--text-s);
  }
  .compare {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: var(--text-s);
    color: var(--second);
    white-space: nowrap;
  }
  .compare select {
    min-width: 0;
    flex: 1;
    color: var(--ink);
    font: 12px var(--mono);
  }
  .wrong::before {
    content: '✕ ';
  }
  .wrong {
    text-decoration: underline wavy var(--now);
  }
  .dump {
    font: 12px/20px var(--mono);
    position: sticky;
    top: -16px;
    z-index: 1;
    padding: 8px 0;
    background: var(--paper);
    overflow-x: auto;
  }
  .dump div {
    white-space: nowrap;
  }
  .dump .offset {
    color: var(--second);
    margin-right: 10px;
  }
  .dump i {
    font-style: normal;
    padding: 2px 0.34em;
    background: none;
  }
  .dump i:nth-of-type(8) {
    margin-right: 0.6em;
  }
  .dump i.link {
    color: var(--link-ink);
  }
  .dump i.internet {
    color: var(--internet-ink);
  }
  .dump i.transport {
    color: var(--transport-ink);
  }
  .dump i.application {
    color: var(--application-ink);
  }
  .dump i.lit {
    background: var(--mark);
    color: var(--on-mark);
  }
  .chain {
    display: grid;
    gap: 2px;
    list-style: none;
  }
  .chain li {
    display: grid;
    grid-template-columns: 5.5em minmax(0, 1fr);
    align-items: baseline;
    gap: 4px;
  }
  .chain button {
    text-align: left;
  }
  .chain li > span {
    padding-left: 8px;
    border-left: 3px solid var(--hue, var(--hair));
  }
  .chain .link {
    --hue: var(--link);
  }
  .chain .internet {
    --hue: var(--internet);
  }
  .chain .transport {
    --hue: var(--transport);
  }
  .chain .application,
  .chain .socket {
    --hue: var(--application);
  }
  @container lab (max-width: 599px) {
    .dump i {
      padding: 2px 1.4px;
    }
    /* A MAC address stays in one piece. */
    .of-name {
      width: 30%;
    }
    .of-value {
      width: 136px;
    }
    .dump .offset {
      margin-right: 6px;
    }
  }
  .rule {
    padding-left: 10px;
    border-left: 3px solid var(--transport);
  }
`;

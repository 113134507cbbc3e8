/**
 * How the lab differs where it is a guest: it brings its colours along, is as tall as it was made, scrolls only for who
 * is in it, and leaves out what was not asked for.
 */
import { css, unsafeCSS } from 'lit';
import tokens from '../styles/tokens.css?inline';

const own = tokens.replace(/:root(\[data-theme=.dark.\]|\[data-theme=dark\])/g, ":host([data-theme='dark'])").replace(/:root/g, ':host');

export const embedStyles = css`
  ${unsafeCSS(own)}
  :host {
    display: block;
    position: relative;
    contain: layout;
    background: var(--paper);
    --side: 16px;
    --scroll: hidden;
    --overscroll: auto;
    overflow-x: hidden;
    overflow-y: var(--scroll);
    scrollbar-width: thin;
  }
  :host([data-active]) {
    --scroll: auto;
    --overscroll: contain;
  }
  :host(:not([data-active])) :is(.left, .right, .news, .predict) {
    overflow: hidden;
  }
  .whole {
    height: 100%;
    min-height: 0;
  }
  /* Also without the line above. */
  .main,
  .drawer {
    grid-row: 2;
  }
  .grid {
    height: auto;
    min-height: 100%;
    grid-template-rows: auto auto auto minmax(240px, 1fr) auto auto;
  }
  .ladder {
    contain: size;
  }
  .player {
    position: sticky;
    bottom: 0;
    padding-top: 8px;
  }
  .failure {
    margin: 0;
    padding: 24px var(--side);
  }
  .faults {
    margin: 0;
    padding: 8px var(--side);
    background: var(--mark-tint);
    list-style: none;
  }
  .slim {
    grid-column: 1 / -1;
    display: flex;
    align-items: center;
    gap: 4px 12px;
    padding: 4px var(--side);
    border-bottom: 1px solid var(--hair);
  }
  .slim b {
    margin-right: auto;
  }
  /* Little room: what happened, both ends, the ladder between their programs, and time. */
  :host([data-compact]) {
    --layers: none;
  }
  :host([data-compact]) .whole {
    --side: 12px;
  }
  :host([data-compact]) .grid {
    --side: 12px;
    grid-template:
      'news news news' auto
      'wire wire wire' auto
      'link link link' auto
      'client ladder server' auto
      'left ladder right' minmax(120px, 1fr)
      'predict predict predict' auto
      'player player player' auto / 184px minmax(0, 1fr) 184px;
    column-gap: 12px;
  }
  :host([data-compact]) .news {
    min-height: 0;
    height: 98px;
    padding: 8px var(--side) 0;
    overflow: var(--scroll);
  }
  :host([data-compact]) :is(.client, .server) {
    padding-top: 4px;
    padding-bottom: 0;
  }
  :host([data-compact]) :is(.left, .right) {
    padding: 4px 0 8px;
    overflow: var(--scroll);
    contain: size;
  }
  :host([data-compact]) .left {
    padding-left: var(--side);
  }
  :host([data-compact]) .right {
    padding-right: var(--side);
  }
  :host([data-compact]) .wire {
    padding: 0 var(--side);
  }
  :host([data-compact]) lab-predict {
    display: none;
  }
  :host([data-compact]) .ladder {
    padding: 0;
    border: 0;
    min-height: 160px;
  }
  :host([data-compact]) .predict {
    min-height: 0;
    padding-top: 8px;
  }
  :host([data-compact]) .player {
    padding-bottom: 8px;
  }
  @container lab (min-width: 600px) {
    :host([data-compact][data-without~='hosts'][data-without~='programs']) .grid {
      grid-template-columns: 0 minmax(0, 1fr) 0;
      column-gap: 0;
    }
    :host([data-without~='hosts'][data-without~='programs']) .ladder {
      padding: 0 var(--side);
    }
  }
  @container lab (max-width: 599px) {
    :host([data-compact]) .grid {
      grid-template:
        'news news' auto
        'client server' auto
        'wire wire' auto
        'link link' auto
        'ladder ladder' minmax(240px, 1fr)
        'left right' auto
        'predict predict' auto
        'player player' auto / minmax(0, 1fr) minmax(0, 1fr);
    }
    :host([data-compact]) :is(.left, .right) {
      contain: none;
      border: 0;
    }
    :host([data-compact]) .news {
      height: 110px;
    }
  }
  @container lab (max-width: 999px) {
    .whole {
      min-height: 0;
      height: 100%;
    }
    .drawer {
      position: absolute;
      bottom: var(--player, 82px);
      height: 54%;
    }
  }

  :host([data-without~='hosts']) :is(.client, .server),
  :host([data-without~='wire']) .wire,
  :host([data-without~='link']) .link,
  :host([data-without~='programs']) :is(.left, .right),
  :host([data-without~='ladder']) .ladder,
  :host([data-without~='player']) .player {
    display: none;
  }
`;

/**
 * The page's grid: client to the left, server to the right, the network and its ladder between them; time below.
 * It follows the element's own width (container "lab"), in three sizes.
 */
import { css } from 'lit';

export const labStyles = css`
  :host {
    container: lab / inline-size;
    --side: 32px;
  }
  .whole {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    height: max(100dvh, 720px);
  }
  .whole[hidden] {
    display: none;
  }
  .drop {
    position: fixed;
    inset: 0;
    z-index: 9;
    display: grid;
    place-items: center;
    border: 4px solid var(--mark);
    background: color-mix(in srgb, var(--paper) 88%, transparent);
    font-size: var(--text-xl);
    pointer-events: none;
  }
  .with-drawer {
    grid-template-columns: minmax(0, 1fr) minmax(400px, 33%);
  }
  lab-header {
    grid-column: 1 / -1;
  }
  .main {
    min-width: 0;
    min-height: 0;
    outline: none;
    container: lab / inline-size;
  }
  .grid {
    display: grid;
    height: 100%;
    grid-template:
      'client news server' auto
      'client wire server' auto
      'link link link' auto
      'left ladder right' minmax(0, 1fr)
      'predict predict predict' auto
      'player player player' auto / 296px minmax(0, 1fr) 296px;
    column-gap: 16px;
  }
  /* Each is painted for itself, so a frame of the screen paints again only those in which something has changed. */
  lab-header,
  lab-predict,
  .client,
  .server,
  .news,
  .link,
  .left,
  .right,
  .drawer {
    isolation: isolate;
  }
  .client,
  .server,
  .news,
  .wire {
    min-width: 0;
  }
  .client {
    grid-area: client;
    padding: 20px 0 8px var(--side);
  }
  .news {
    grid-area: news;
    padding-top: 20px;
    min-height: 142px;
  }
  .wire {
    grid-area: wire;
    padding: 0 0 8px;
  }
  .server {
    grid-area: server;
    padding: 20px var(--side) 8px 0;
  }
  .link {
    grid-area: link;
    margin: 0 var(--side);
  }
  .left {
    grid-area: left;
    padding: 16px 0 16px var(--side);
    overflow: auto;
  }
  .right {
    grid-area: right;
    padding: 16px var(--side) 16px 0;
    overflow: auto;
  }
  .ladder {
    grid-area: ladder;
    padding-top: 8px;
    min-height: 200px;
  }
  .predict {
    grid-area: predict;
    padding: 12px var(--side) 8px;
    border-top: 1px solid var(--hair);
  }
  .player {
    grid-area: player;
    padding: 0 var(--side) 14px;
    background: var(--paper);
    z-index: 3;
  }
  .drawer {
    min-height: 0;
    border-left: 1px solid var(--hair);
    background: var(--paper);
    container: lab / inline-size;
  }
  .failure {
    display: grid;
    gap: 16px;
    padding: 48px var(--side);
  }

  /* Beside an open drawer: the same, a little closer. */
  @container lab (min-width: 880px) and (max-width: 1099px) {
    .grid {
      --side: 24px;
      grid-template-columns: 264px minmax(0, 1fr) 264px;
      column-gap: 12px;
    }
  }
  /* A tablet, or the drawer is open: the hosts stay side by side, what happened stands above them. */
  @container lab (max-width: 879px) {
    .grid {
      --side: 24px;
      height: auto;
      grid-template:
        'news news news' auto
        'client wire server' auto
        'link link link' auto
        'left left right' auto
        'predict predict predict' auto
        'ladder ladder ladder' 480px
        'player player player' auto / 232px minmax(0, 1fr) 232px;
      column-gap: 12px;
    }
    .left,
    .right {
      padding-top: 12px;
      padding-bottom: 12px;
      overflow: visible;
    }
    .left {
      padding-right: 12px;
    }
    .predict {
      box-sizing: border-box;
      min-height: 80px;
    }
    .ladder {
      padding: 8px var(--side) 0;
      border-top: 1px solid var(--hair);
    }
    .news {
      padding: 16px var(--side) 0;
      box-sizing: border-box;
      height: 124px;
      overflow: auto;
    }
    /* Whoever presses a button further down, or looks at the ladder, reads what it did. */
    @media (min-height: 640px) {
      .news {
        position: sticky;
        top: 0;
        z-index: 4;
        background: var(--paper);
        border-bottom: 1px solid var(--hair);
      }
    }
    .client,
    .server {
      padding-top: 12px;
    }
    .player {
      position: sticky;
      bottom: 0;
      padding-top: 8px;
      padding-bottom: 10px;
      border-top: 1px solid var(--hair);
    }
  }
  @container lab (max-width: 599px) {
    .grid {
      --side: 16px;
      grid-template:
        'news news' auto
        'client server' auto
        'wire wire' auto
        'link link' auto
        'left left' auto
        'right right' auto
        'predict predict' auto
        'ladder ladder' 460px
        'player player' auto / minmax(0, 1fr) minmax(0, 1fr);
      column-gap: 12px;
    }
    .news {
      padding-top: 8px;
      height: 118px;
    }
    .client,
    .server {
      padding-top: 4px;
      padding-bottom: 0;
    }
    .wire {
      padding: 0 var(--side);
    }
    .left,
    .right {
      padding: 8px var(--side) 12px;
      border-top: 1px solid var(--hair);
    }
    .player {
      padding-top: 2px;
    }
    .ladder {
      padding: 8px 8px 0;
    }
  }
  @container lab (max-width: 999px) {
    .whole {
      height: auto;
      min-height: 100dvh;
      --side: 24px;
    }
    .with-drawer {
      grid-template-columns: minmax(0, 1fr);
    }
    .drawer {
      position: fixed;
      /* Above the player, so that time can be stepped while one looks. */
      inset: auto 0 82px;
      height: 56dvh;
      z-index: 5;
      border-left: 0;
      border-top: 2px solid var(--ink);
    }
  }
  @container lab (max-width: 599px) {
    .whole {
      --side: 16px;
    }
    .drawer {
      bottom: 76px;
    }
  }
`;

/**
 * How to put the lab into a page: lines to copy, and under each what it makes, live. The examples are what other pages
 * have, too: a frame with its helper, an element.
 */
import { css, html } from 'lit';
import { PageElement } from './page.js';
import { LabFrame } from '../embed/tcplab-host.js';
import { PARAMETERS, STAGE_VIEWS } from '../embed/parameters.js';
import { getLanguage, t } from '../i18n/index.js';
import '../i18n/embedding.js';
import { TABS } from '../model/app.js';
import { getTheme } from '../theme.js';

/** Events that a host hears, as README.md of embed/ has them. */
const EVENTS = ['ready', 'resize', 'step', 'answer', 'complete', 'statement', 'error'];

/** What `make dist` puts into build/packages, and files of the site. */
const PACKAGES = ['npm', 'single', 'scorm', 'cmi5'];

const HEARD_MAX = 6;

/** Of views, as addresses have them. */
const NAMES = { stage: STAGE_VIEWS.join(', '), tabs: TABS.join(', ') };

/** A run in which something happens by itself when time goes on. */
const SCENARIO = JSON.stringify({
  tcplab: 1,
  nodes: [
    { name: 'client', interfaces: [{ address: '10.0.0.1/24' }], apps: [{ app: 'sender', to: '10.0.0.2:80', text: 'Hello, server!', close: true }] },
    { name: 'server', interfaces: [{ address: '10.0.0.2/24' }], apps: [{ app: 'receiver', port: 80, close: true, keep: true }] },
  ],
  links: [{ name: 'wire', between: ['client', 'server'], delay_ms: 20, rate_bit_per_s: 10_000_000 }],
});

export class LabEmbedding extends PageElement {
  static properties = { copied: { state: true }, heard: { state: true } };
  static styles = [
    PageElement.styles,
    css`
      h2 {
        font-size: var(--text-l);
        color: var(--ink);
        margin: 32px 0 8px;
      }
      p {
        margin: 8px 0;
      }
      .code {
        position: relative;
        border: 1px solid var(--hair);
        margin: 8px 0;
      }
      pre {
        margin: 0;
        padding: 12px 96px 12px 12px;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font: 12px/1.5 var(--mono);
      }
      .code button {
        position: absolute;
        top: 6px;
        right: 6px;
        background: var(--paper);
      }
      iframe {
        display: block;
        width: 100%;
        border: 1px solid var(--hair);
      }
      tcp-lab {
        border: 1px solid var(--hair);
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: left;
        vertical-align: top;
        padding: 4px 12px 4px 0;
        border-bottom: 1px solid var(--hair);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 8px 0;
      }
      .heard {
        min-height: ${HEARD_MAX * 20}px;
        font: 12px/20px var(--mono);
        padding: 0;
        list-style: none;
      }
      @media (max-width: 480px) {
        pre {
          padding: 44px 12px 12px;
        }
      }
      .heard li {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  constructor() {
    super('embedding');
    this.copied = '';
    /** The last messages of the frame. @type {{name: string, text: string}[]} */
    this.heard = [];
    /** @type {LabFrame | null} */
    this.frame = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.frame?.stop();
  }

  firstUpdated() {
    const iframe = /** @type {HTMLIFrameElement} */ (this.renderRoot.querySelector('[data-example=messages]'));
    this.frame = new LabFrame(iframe);
    for (const name of EVENTS) {
      iframe.addEventListener(`tcplab-${name}`, (event) => {
        const detail = { .../** @type {CustomEvent} */ (event).detail, version: undefined };
        this.heard = [...this.heard, { name, text: JSON.stringify(detail) }].slice(-HEARD_MAX);
      });
    }
  }

  /** @param {string} key @param {string} code */
  code(key, code) {
    const copy = async () => {
      await navigator.clipboard.writeText(code);
      this.copied = key;
    };
    return html`<div class="code">
      <pre tabindex="0" lang="en" aria-label=${t('embedding-code')}><code data-code=${key}>${code}</code></pre>
      <button data-copy=${key} @click=${copy}>${this.copied === key ? t('embedding-copied') : t('embedding-copy')}</button>
    </div>`;
  }

  messages() {
    const act = (/** @type {string} */ key, /** @type {() => unknown} */ action) => html`<button data-command=${key} @click=${action}>${key}</button>`;
    const { frame } = this;
    const address = new URLSearchParams({ lang: getLanguage(), theme: getTheme(), controls: 'player', views: 'hosts,ladder', scenario: SCENARIO }).toString();
    return html`<iframe data-example="messages" title=${t('embedding-example')} height="520" src="./embed.html?${address}"></iframe>
      <div class="buttons" role="group" aria-label=${t('embedding-commands')}>
        ${act('play()', () => frame?.play())} ${act('pause()', () => frame?.pause())} ${act("step('on')", () => frame?.step('on'))}
        ${act('seek(0)', () => frame?.seek(0))} ${act("set({ lesson: '05-handshake' })", () => frame?.set({ lesson: '05-handshake', controls: 'full' }))}
      </div>
      <ol class="heard" data-heard aria-label=${t('embedding-heard')}>
        ${this.heard.map(({ name, text }) => html`<li><b>tcplab-${name}</b> ${text}</li>`)}
      </ol>`;
  }

  /** @param {string} id @param {readonly string[]} names @param {(name: string) => string} [shown] */
  table(id, names, shown = (name) => name) {
    return html`<div class="scroll"><table data-table=${id}>
      <tbody>
        ${names.map((name) => html`<tr><th scope="row"><code>${shown(name)}</code></th><td>${t(`embedding-${id}-${name}`, NAMES)}</td></tr>`)}
      </tbody>
    </table></div>`;
  }

  render() {
    const base = new URL('.', location.href).href;
    const lang = getLanguage();
    const frame = `<iframe src="${base}embed.html?lesson=05-handshake&amp;lang=${lang}" title="TCP Lab" width="100%" height="560" loading="lazy" style="border: 0"></iframe>`;
    const element = `<script type="module" src="${base}tcp-lab.js"></script>\n<tcp-lab lesson="07-close" lang="${lang}"></tcp-lab>`;
    const classic = `<script src="${base}tcp-lab.classic.js" async></script>`;
    const host = `<iframe data-tcplab src="${base}embed.html?lesson=05-handshake&amp;lang=${lang}" title="TCP Lab" width="100%" height="520" style="border: 0"></iframe>
<script type="module">
  import { watchLabs } from '${base}tcplab-host.js';
  document.addEventListener('tcplab-answer', ({ detail }) => console.log(detail.step, detail.right));
  document.addEventListener('tcplab-complete', ({ detail }) => console.log(detail.points, detail.of));
  const [lab] = watchLabs(); // lab.play(), lab.pause(), lab.step('on'), lab.seek(0), lab.set({ theme: 'dark' })
</script>`;
    return html`${this.head()}
      <main>
        <h1>${t('embedding-title')}</h1>
        <p class="about">${t('embedding-about')}</p>
        <h2>${t('embedding-frame')}</h2>
        <p>${t('embedding-frame-about')}</p>
        ${this.code('frame', frame)}
        <iframe data-example="frame" title=${t('embedding-example')} height="560" src="./embed.html?lesson=05-handshake&lang=${lang}&theme=${getTheme()}"></iframe>
        <h2>${t('embedding-element')}</h2>
        <p>${t('embedding-element-about')}</p>
        ${this.code('element', element)} ${this.code('classic', classic)}
        <tcp-lab data-example="element" lesson="07-close" theme=${getTheme()}></tcp-lab>
        <h2>${t('embedding-parameters')}</h2>
        <p>${t('embedding-parameters-about')}</p>
        ${this.table('p', PARAMETERS, (name) => (name === 'reducedmotion' ? 'reducedMotion' : name))}
        <h2>${t('embedding-messages')}</h2>
        <p>${t('embedding-messages-about')}</p>
        ${this.code('host', host)} ${this.messages()} ${this.table('e', EVENTS, (name) => `tcplab-${name}`)}
        <h2>${t('embedding-packages')}</h2>
        ${this.table('k', PACKAGES, (name) => ({ npm: 'tcp-lab-….tgz', single: 'tcp-lab.html', scorm: 'tcp-lab-scorm12.zip', cmi5: 'tcp-lab-cmi5.zip' })[name] ?? name)}
        <h2>${t('embedding-promise')}</h2>
        <p>${t('embedding-promise-about')}</p>
      </main>`;
  }
}

customElements.define('lab-embedding', LabEmbedding);

/** One sentence that says what just happened, and the rule that asked for it. The page can be understood by reading only this. */
import { css, html, nothing } from 'lit';
import { LabElement } from './base.js';
import { hasMessage, t } from '../i18n/index.js';
import { ruleMessage } from '../model/narrate.js';

export class LabNews extends LabElement {
  static styles = [
    LabElement.styles,
    css`
      .news {
        max-width: 46em;
      }
      .news .what {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 1.4;
      }
      .why {
        margin-top: 4px;
        color: var(--second);
      }
      .why b {
        color: var(--transport-ink);
        font-weight: 600;
      }
      @container lab (max-width: 599px) {
        h2 {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .why {
          margin-top: 2px;
        }
      }
      .trouble {
        margin-top: 6px;
        padding-left: 10px;
        border-left: 3px solid var(--now);
      }
    `,
  ];

  render() {
    const { message, rule, reason } = this.app.news;
    const { trouble } = this.app;
    const source = rule ? this.app.session.lab.rules[rule] : null;
    const key = rule ? ruleMessage(rule) : '';
    return html`<div class="news">
      <h2>${t('news')}</h2>
      <p class="what">${message ? t(message.id, message.args) : nothing}</p>
      ${
        source && !trouble
          ? html`<p class="why">
              <b>${t('why')} ${source.document}${source.section ? ` §${source.section}` : ''}</b>
              ${hasMessage(key) ? t(key) : source.text}
            </p>`
          : nothing
      }
      ${reason && !trouble ? html`<p class="why"><b>${t('why')}</b> ${t(reason.id, reason.args)}</p>` : nothing}
      ${
        trouble
          ? html`<p class="trouble" role="alert">
              ${t('trouble', { code: trouble.code })}
              ${hasMessage(`error-${trouble.code.toLowerCase()}`) ? t(`error-${trouble.code.toLowerCase()}`) : nothing}
              <code lang="en">${trouble.message}</code>
            </p>`
          : nothing
      }
    </div>`;
  }
}

customElements.define('lab-news', LabNews);

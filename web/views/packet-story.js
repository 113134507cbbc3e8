/** A packet's story in words: why it was sent, up to the root, and its life on the wire with what it caused. */
import { html, nothing } from 'lit';
import { hasMessage, t } from '../i18n/index.js';
import { timeText } from '../model/format.js';
import { consequences, stations } from '../model/life.js';
import { isSpoken, ruleMessage, sentence } from '../model/narrate.js';
import { flagsText } from '../model/segment.js';

/** @typedef {import('../model/app.js').App} App */
/** @typedef {import('../model/types.js').LabEvent} LabEvent */
/** @typedef {import('../model/types.js').FrameRecord} FrameRecord */

/** An event in words, also one that is no news of its own. @param {App} app @param {LabEvent} event @returns {string} '': it cannot be told */
export function words(app, event) {
  if (event.kind === 'action') return t('say-action', { action: event.action });
  const message = sentence(event, app.session.words);
  if (message) return t(message.id, message.args);
  const plain = `life-${event.kind.replaceAll('_', '-')}`;
  if (!hasMessage(plain)) return '';
  const { queue_frames = 0, protocol = '', ready_text = '', timer = '', flags = 0 } = event;
  return t(plain, {
    node: app.session.nodes[event.node]?.name ?? '',
    frames: queue_frames,
    protocol,
    ready: ready_text,
    timer,
    segment: flagsText(flags),
  });
}

/** Of a long chain the root and the end are shown, until somebody asks for the rest. */
const ENDS = { first: 2, last: 4 };

/** @param {App} app @param {LabEvent[]} events @param {{whole: boolean, open: () => void}} [how] */
function told(app, events, how) {
  const lines = events.flatMap((event) => {
    const text = words(app, event);
    return text ? [{ event, text }] : [];
  });
  const line = (/** @type {typeof lines[number]} */ { event, text }) =>
    html`<li class=${event.layer}>
      <button class="plain mono" @click=${() => app.seekTo(event.id)}>${timeText(event.t_us)}</button>
      <span>${text}</span>
    </li>`;
  const between = lines.length - ENDS.first - ENDS.last;
  if (!how || how.whole || between < 2) return html`<ol class="chain">${lines.map(line)}</ol>`;
  return html`<ol class="chain">
    ${lines.slice(0, ENDS.first).map(line)}
    <li><span></span><button class="plain" @click=${how.open}>${t('packet-between', { steps: between })}</button></li>
    ${lines.slice(-ENDS.last).map(line)}
  </ol>`;
}

/** @param {App} app @param {FrameRecord} frame @param {{whole: boolean, open: () => void}} how */
export function whySent(app, frame, how) {
  // That it left, the frame itself says; and what is no news is no reason.
  const steps = app
    .chain(frame.frame)
    .filter((event) => event.kind === 'action' || (event.kind !== 'frame_sent' && isSpoken(event)));
  const rule = frame.rule ? app.session.lab.rules[frame.rule] : null;
  const key = frame.rule ? ruleMessage(frame.rule) : '';
  return html`<h3>${t('packet-why')}</h3>
    ${told(app, steps, how)}
    ${rule ? html`<p class="rule"><b>${rule.document}${rule.section ? ` §${rule.section}` : ''}</b> ${hasMessage(key) ? t(key) : rule.text}</p>` : nothing}`;
}

/** @param {App} app @param {FrameRecord} frame */
export function lifeOf(app, frame) {
  const { log } = app.timeline;
  const way = stations(log, frame, app.cursor.id);
  const after = consequences(log, frame, app.cursor.id);
  return html`<h3>${t('packet-life')}</h3>
    ${told(app, way)}
    ${after.length > 0 ? html`<h3>${t('packet-caused')}</h3>${told(app, after)}` : nothing}`;
}

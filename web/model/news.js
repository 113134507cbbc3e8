/** What just happened, in a sentence, and why: the rule that asked for it, or what led to it. */
import { ruleOf } from './chain.js';
import { isSpoken, sentence } from './narrate.js';

/** @typedef {import('./session.js').Session} Session */

/** Where no rule is, what led to it: the nearest cause that can be told. @param {Session} session @param {number} cause */
function reasonOf({ timeline, opening_id, words }, cause) {
  for (let event = timeline.at(cause); event && event.id > opening_id; event = timeline.at(event.cause)) {
    const message = isSpoken(event) ? sentence(event, words) : null;
    if (message) return message;
  }
  return null;
}

/** @param {Session} session @param {number} moment the event that is told */
export function newsAt(session, moment) {
  const { timeline, opening_id, words, nodes } = session;
  const event = timeline.at(moment);
  if (!event || event.id <= opening_id) {
    return { message: { id: nodes.length > 2 ? 'say-start-net' : 'say-start', args: {} }, rule: null, reason: null };
  }
  const rule = ruleOf(timeline.at, event, (frame) => timeline.record.by_frame.get(frame));
  return { message: sentence(event, words), rule, reason: rule ? null : reasonOf(session, event.cause) };
}

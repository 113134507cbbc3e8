/**
 * Why something happened: from an event back to its root, over the ids of causes.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 */

/** A chain longer than this is cut in the middle: nobody reads it. */
const CHAIN_MAX = 40;

/**
 * From the root to the event itself.
 * @param {(id: number) => LabEvent | undefined} at
 * @param {number} id
 * @returns {LabEvent[]}
 */
export function causalChain(at, id) {
  const chain = [];
  for (let event = at(id); event && chain.length < CHAIN_MAX; event = event.cause ? at(event.cause) : undefined) {
    chain.unshift(event);
    if (event.cause >= event.id) break; // causes are older; anything else is not a chain
  }
  return chain;
}

/**
 * The rule that asked for an event: its own, or that of what it is part of (a frame's life has the rule of the
 * segment inside, a header that of the frame).
 * @param {(id: number) => LabEvent | undefined} at
 * @param {LabEvent} event
 * @param {(frame: number) => import('./types.js').FrameRecord | undefined} frameOf
 * @returns {string | null}
 */
export function ruleOf(at, event, frameOf) {
  if (event.rule) return event.rule;
  const frame = event.frame ? frameOf(event.frame) : undefined;
  if (frame?.rule) return frame.rule;
  const cause = event.cause ? at(event.cause) : undefined;
  return cause && cause.frame === event.frame ? cause.rule : null;
}

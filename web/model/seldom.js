/** What is made anew while time goes on takes so small a part of it. */
const TIMES_WHAT_IT_TOOK = 25;

/** How often to make such a thing: seldom when it takes long. @param {number} every_ms at the most @param {number} took_ms */
export const howOften = (every_ms, took_ms) => Math.max(every_ms, took_ms * TIMES_WHAT_IT_TOOK);

/** A stretch that is played again and again. */

/** @typedef {{from_us: number, to_us: number | null}} Loop to_us null: its end is not marked yet */

/** What marking a moment makes of a stretch. @param {Loop | null} loop @param {number} t_us @returns {Loop | null} */
export function nextLoop(loop, t_us) {
  if (!loop) return { from_us: t_us, to_us: null };
  if (loop.to_us !== null || loop.from_us === t_us) return null;
  return { from_us: Math.min(loop.from_us, t_us), to_us: Math.max(loop.from_us, t_us) };
}

/**
 * What took the time of some frames: V8's profile of the same stretch, by function, and what Chromium did beside script, by the names of
 * its trace. Names are those of the build; `cd web && npx vite build --minify false` gives them back before.
 */

/** @typedef {import('./browser.js').TraceEvent} TraceEvent */
/** @typedef {import('./browser.js').Span} Span */

const SAMPLE_EVERY_US = 200;
const LINES = Number(process.env.LINES ?? 24);

/** What is not script; each is counted with all that it calls. */
const OTHERS = ['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit', 'MinorGC', 'MajorGC', 'HitTest', 'UpdateLayer', 'ParseHTML', 'IntersectionObserverController::computeIntersections'];

/**
 * Begins to look at script.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<(frames: Span[][], events: TraceEvent[]) => Promise<string>>} ends it, and tells of these frames
 */
export async function profiled(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Profiler.enable');
  await client.send('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await client.send('Profiler.start');
  return async (frames, events) => {
    const { profile } = await client.send('Profiler.stop');
    await client.detach();
    return told(frames, events, /** @type {any} */ (profile));
  };
}

/** @param {Span[][]} frames @param {TraceEvent[]} events @param {{nodes: any[], samples: number[], timeDeltas: number[], startTime: number}} profile */
function told(frames, events, profile) {
  if (frames.length === 0) return '';
  const spans = frames.flat();
  const isIn = (/** @type {number} */ ts) => spans.some(({ from, to }) => ts >= from && ts < to);
  /** @type {Map<string, number>} */
  const times = new Map();
  const add = (/** @type {string} */ name, /** @type {number} */ ms) => times.set(name, (times.get(name) ?? 0) + ms);
  for (const { name, ts, tdur = 0 } of events) if (OTHERS.includes(name) && isIn(ts)) add(`${name} (trace)`, tdur / 1000);
  const { own, whole } = functionsOf(profile, isIn);
  const list = (/** @type {Map<string, number>} */ of) => [...of].sort((a, b) => b[1] - a[1]).slice(0, LINES);
  const line = (/** @type {[string, number]} */ [name, ms]) => `${(ms / frames.length).toFixed(2).padStart(7)}  ${name}`.slice(0, 100).padEnd(64);
  const columns = [list(times), list(own), list(whole)].map((each) => each.map(line));
  const rows = columns[1].map((_, i) => `   ${(columns[1][i] ?? '').padEnd(64)}${columns[2][i] ?? ''}`);
  return [`   in ${frames.length} frames, ms of each:`, ...columns[0].map((each) => `   ${each}`), '   function itself, and with all it calls', ...rows].join('\n');
}

/** @param {{nodes: any[], samples: number[], timeDeltas: number[], startTime: number}} profile @param {(ts: number) => boolean} isIn */
function functionsOf({ nodes, samples, timeDeltas, startTime }, isIn) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const nameOf = (/** @type {any} */ { callFrame }) => `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').at(-1)?.replace(/-[\w-]{8}\.js$/, '') ?? ''}:${callFrame.lineNumber + 1}`;
  /** @type {Map<string, number>} */
  const own = new Map();
  /** @type {Map<string, number>} */
  const whole = new Map();
  let ts = startTime;
  samples.forEach((id, i) => {
    ts += timeDeltas[i];
    const leaf = byId.get(id);
    if (!isIn(ts) || leaf.callFrame.functionName === '(idle)') return;
    const ms = (timeDeltas[i + 1] ?? 0) / 1000;
    own.set(nameOf(leaf), (own.get(nameOf(leaf)) ?? 0) + ms);
    const names = new Set();
    for (let node = leaf; node; node = node.parent) names.add(nameOf(node));
    for (const name of names) whole.set(name, (whole.get(name) ?? 0) + ms);
  });
  return { own, whole };
}

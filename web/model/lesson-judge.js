/**
 * The judge of a lesson is the stack. A question names what is asked; its answer is what happens on a copy of the
 * lab that runs ahead from where the lesson stands. Nothing in a lesson's file says which answer is right.
 *
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('../../wasm/engine.js').Action} Action
 * @typedef {import('./lesson-query.js').Scope} Scope
 * @typedef {Record<string, any>} Step of a lesson
 * @typedef {{t_us: number, id: number}} Mark where a step begins: all that was due by then has been done
 * @typedef {{id: string, label?: string, time_ms?: number | null}} Option
 * @typedef {object} Verdict
 * @property {string | number | null} right null: the run took another way, and the question has no answer
 * @property {Option[]} options what could be chosen; none when a number is asked for
 * @property {{id: string, value: number}[]} traps numbers that a known mistake leads to
 */
import { Trace, evaluate, holds, plainFlags, resolve, runTo } from './lesson-query.js';

/** How far ahead a task is judged, unless it says. */
export const AHEAD_MS = 5_000;
/** At most so many segments stand for choice when one is to be lost. */
const CANDIDATES_MAX = 6;

/** That a call fails so may be what a lesson shows; anything else is its author's mistake. */
const OUTCOMES = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTCONN', 'EAGAIN'];

/**
 * Does what a step does, command by command.
 * @param {Lab} lab @param {Trace} trace @param {Record<string, any>[]} commands
 */
export function perform(lab, trace, commands = []) {
  let before = trace.last;
  for (const command of commands) {
    if (command.until) runTo(lab, trace, command.until, before);
    before = trace.last;
    try {
      lab.command(resolve(trace, command));
    } catch (error) {
      if (!OUTCOMES.includes(/** @type {any} */ (error).code)) throw error;
    }
    trace.pull();
  }
}

/** How each kind of question gets its answer from a run. @type {Record<string, (ahead: Ahead, step: Step) => Promise<Verdict> | Verdict>} */
const JUDGES = {
  choice({ trace, scope }, { choices }) {
    const right = choices.filter((/** @type {any} */ choice) => holds(trace, choice.if, scope));
    return { right: right.length === 1 ? right[0].id : null, options: choices.map((/** @type {any} */ { id }) => ({ id })), traps: [] };
  },
  number({ trace, scope }, { value, traps = {} }) {
    const known = Object.entries(traps).map(([id, trap]) => ({ id, value: evaluate(trace, trap, scope) }));
    return { right: evaluate(trace, value, scope), options: [], traps: known };
  },
  state({ trace, scope }, { of, choices }) {
    return { right: trace.state(of, scope.to), options: plain(choices), traps: [] };
  },
  segment({ trace, scope }, { from, choices }) {
    const sent = trace.nth({ kind: 'tcp_segment_sent', ...(from ? { node: from } : {}) }, scope);
    return { right: sent ? plainFlags(sent.flags) : 'none', options: plain(choices), traps: [] };
  },
  async drop(ahead, { candidates, pick, goal, limit_ms }) {
    const frames = ahead.trace.find(candidates, ahead.scope).slice(0, CANDIDATES_MAX);
    const options = [];
    for (const [i, event] of frames.entries()) {
      const time_ms = await ahead.without(event.frame, { event: goal, limit_ms });
      options.push({ id: String(i + 1), label: segmentLabel(ahead.trace, event.frame), time_ms });
    }
    const time = (/** @type {Option} */ option) => option.time_ms ?? Infinity;
    const worse = (/** @type {Option} */ a, /** @type {Option} */ b) => (pick === 'most' ? time(a) > time(b) : time(a) < time(b));
    const right = options.reduce((best, option) => (worse(option, best) ? option : best), options[0]);
    return { right: right?.id ?? null, options, traps: [] };
  },
};

/** Kinds of questions. */
export const QUESTIONS = Object.keys(JUDGES);

/** @param {string[]} choices */
const plain = (choices) => choices.map((id) => ({ id, label: id }));

/** "SYN+ACK", "ACK 100 B". @param {Trace} trace @param {number} frame */
function segmentLabel(trace, frame) {
  const event = trace.log.find((each) => each.frame === frame && each.kind === 'tcp_segment_sent');
  if (!event) return `#${frame}`;
  return event.payload_bytes > 0 ? `${plainFlags(event.flags)} ${event.payload_bytes} B` : plainFlags(event.flags);
}

/** A fresh copy, brought to the mark. @param {() => Promise<Lab>} copy @param {Mark} mark */
async function copyAt(copy, { t_us }) {
  const lab = await copy();
  lab.runUntil(t_us);
  return { lab, trace: new Trace(lab) };
}

/**
 * A copy of the lab that has run a step of the lesson ahead.
 * @typedef {object} Ahead
 * @property {Trace} trace
 * @property {Scope} scope the step's events
 * @property {boolean} reached did the step's stop come?
 * @property {(frame: number, goal: import('./lesson-query.js').Stop) => Promise<number | null>} without the same once
 *   more, but this frame is lost: milliseconds until the goal; null: it never comes
 */

/**
 * @param {() => Promise<Lab>} copy a fresh lab with the scenario, seed and actions so far
 * @param {Mark} mark @param {Step} step
 * @returns {Promise<Ahead>}
 */
export async function runAhead(copy, mark, step) {
  const { lab, trace } = await copyAt(copy, mark);
  const from = trace.last;
  perform(lab, trace, step.do);
  const reached = !step.until || runTo(lab, trace, step.until, from);
  const without = async (/** @type {number} */ frame, /** @type {import('./lesson-query.js').Stop} */ goal) => {
    const other = await copyAt(copy, mark);
    perform(other.lab, other.trace, step.do);
    runTo(other.lab, other.trace, { event: { kind: 'frame_sent', frame } }, from);
    other.lab.command({ do: 'drop', frame });
    return runTo(other.lab, other.trace, goal, from) ? (other.lab.now_us - mark.t_us) / 1000 : null;
  };
  return { trace, scope: { from, to: trace.last }, reached, without };
}

/**
 * The right answer to a question, from a run.
 * @param {() => Promise<Lab>} copy @param {Mark} mark @param {Step} step
 * @returns {Promise<Verdict>}
 */
export async function judge(copy, mark, step) {
  const ahead = await runAhead(copy, mark, step);
  const verdict = await JUDGES[step.ask](ahead, step);
  return ahead.reached ? verdict : { ...verdict, right: null };
}

/**
 * Will a task's goal be met by what has been done so far?
 * @param {() => Promise<Lab>} copy a fresh lab with all actions so far
 * @param {{from: Mark, now_us: number}} since where the task began, and where the lab is
 * @param {Step} step
 * @returns {Promise<boolean>}
 */
export async function judgeTask(copy, { from, now_us }, step) {
  const lab = await copy();
  lab.runUntil(Math.max(now_us, from.t_us));
  const trace = new Trace(lab);
  runTo(lab, trace, { after_ms: step.ahead_ms ?? AHEAD_MS });
  return holds(trace, step.goal, { from: from.id, to: trace.last });
}

/**
 * Is it the same answer? A number may be off by what the question allows.
 * @param {Step} step @param {Verdict} verdict @param {string | number} answer
 */
export function isRight(step, { right }, answer) {
  if (right === null) return false;
  if (step.ask === 'number') return Math.abs(Number(right) - Number(answer)) <= (step.within ?? 0);
  return right === answer;
}

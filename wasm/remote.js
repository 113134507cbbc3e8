/**
 * Long runs, done elsewhere. A lab stays where it is, with all its calls; when it has far to go, its memory is given to
 * a lab in a worker, which runs on and sends back what came of it, piece by piece. Each piece is taken over as if it
 * had been run here: events, snapshots, every byte. So what is quick stays a plain call, and what is long comes in pieces.
 *
 *   here      |=====|  takes over 1  takes over 2 ...        the interface goes on between
 *   worker          |---- 1 ----|---- 2 ----|---- 3 ----
 *
 * Whoever does something to the lab meanwhile, or no longer wants to go there, ends it: the lab then stands where the
 * last piece led. A worker that dies takes nothing with it. Where there is none (file:, a policy, node) the pieces are
 * run on this thread, one in each turn of its loop.
 */
import { LabError } from './error.js';
import { serve } from './service.js';

/** @typedef {import('./engine.js').Lab} Lab */
/** @typedef {import('./service.js').Asked} Asked */
/** @typedef {import('./service.js').Answer} Answer */

/**
 * A Worker, or one end of a MessageChannel.
 * @typedef {object} Port
 * @property {(message: any, transfer: Transferable[]) => void} postMessage
 * @property {((event: MessageEvent<Answer>) => void) | null} onmessage
 * @property {((event: any) => void) | null} onmessageerror
 * @property {((event: any) => void) | null} [onerror] of a Worker only
 * @property {() => void} [terminate] of a Worker only
 * @property {() => void} [close]
 */

/**
 * @typedef {object} Going
 * @property {() => unknown} [arrived] called after each piece, and awaited
 * @property {() => boolean} [isWanted] asked before each piece
 */

/** So many things are done at once, here: nobody notices. What takes more is far. */
export const NEAR_STEPS = 500;

/** Things done in a piece: some milliseconds of work, and not more between two snapshots than a seek may run again. */
const STEPS_MAX = 1000;

/** Who does not answer in this time is dead: nothing tells when a browser ends a worker. */
const ANSWER_MAX_MS = 10_000;

/** @returns {Port} */
function startWorker() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/** @returns {Port} */
function startHere() {
  const { port1, port2 } = new MessageChannel();
  serve(/** @type {any} */ (port2));
  return port1;
}

/** @param {Port} port */
const end = (port) => (port.terminate ? port.terminate() : port.close?.());

export class Remote {
  #start;
  #patience_ms;
  /** @type {Promise<Port> | null} made when first needed */
  #port = null;
  /** @type {Map<number, {resolve: (answer: Answer) => void, reject: (error: LabError) => void, timer: ReturnType<typeof setTimeout>}>} */
  #waiting = new Map();
  #last_id = 0;
  /** One after another: there is one lab at the other end. */
  #queue = Promise.resolve();
  /** Whether a worker runs it; null: not known yet. @type {boolean | null} */
  isWorker = null;

  /** @param {{start?: () => Port, patience_ms?: number}} [how] start: makes the other end */
  constructor({ start = startWorker, patience_ms = ANSWER_MAX_MS } = {}) {
    this.#start = start;
    this.#patience_ms = patience_ms;
  }

  /**
   * Takes a lab to a time, back or forth, along its branch.
   * @param {Lab} lab
   * @param {number} t_us
   * @param {Going} [going]
   * @returns {Promise<boolean>} is it there? Else it was not wanted any more, or something was done to the lab
   */
  seek(lab, t_us, { arrived = () => {}, isWanted = () => true } = {}) {
    const run = this.#queue.then(() => isWanted() && this.#run(lab, Math.floor(t_us), arrived, isWanted));
    this.#queue = run.then(
      () => {},
      () => {},
    );
    return run;
  }

  /** Ends the worker. The next seek() begins another. */
  close() {
    this.#fail(new LabError('ECHILD', 'the worker was ended'));
  }

  /**
   * @param {Lab} lab
   * @param {number} t_us
   * @param {() => unknown} arrived
   * @param {() => boolean} isWanted
   */
  async #run(lab, t_us, arrived, isWanted) {
    const known_us = lab.branches.find((branch) => branch.is_current)?.tip_us ?? 0;
    lab.seek(Math.min(t_us, known_us)); // where it has been, snapshots are near
    if (t_us <= known_us || lab.runUntil(t_us, { maxEvents: NEAR_STEPS }) < NEAR_STEPS) return true;
    let { place } = lab;
    const from = lab.depart();
    const ask = () => this.#ask({ call: 'stretch', what: { t_us, steps_max: STEPS_MAX } });
    let coming = this.#ask({ call: 'depart', what: from }, [/** @type {ArrayBuffer} */ (from.run.image.buffer)]).then(ask);
    for (;;) {
      const { stretch } = /** @type {Required<Answer>} */ (await coming);
      if (!isWanted() || lab.place !== place) return false;
      if (!stretch.isThere) {
        coming = ask(); // it goes on while this piece is taken over
        coming.catch(() => {}); // told when it is awaited, if it ever is
      }
      lab.arrive(stretch);
      ({ place } = lab);
      await arrived();
      if (stretch.isThere) return true;
    }
  }

  /**
   * @param {{call: Asked['call'], what: any}} asked
   * @param {Transferable[]} [transfer]
   * @returns {Promise<Answer>}
   */
  async #ask(asked, transfer = []) {
    const connecting = (this.#port ??= this.#connect());
    const port = await connecting;
    if (this.#port !== connecting) throw new LabError('ECHILD', 'the worker was ended');
    return new Promise((resolve, reject) => {
      const id = ++this.#last_id;
      const timer = setTimeout(() => this.#fail(new LabError('ECHILD', 'the worker does not answer')), this.#patience_ms);
      this.#waiting.set(id, { resolve, reject, timer });
      port.postMessage({ id, ...asked }, transfer);
    });
  }

  /** @returns {Promise<Port>} the worker; where it cannot be had, this thread */
  async #connect() {
    try {
      const port = await this.#greet(this.#start());
      this.isWorker = true;
      return port;
    } catch {
      this.isWorker = false;
      return this.#greet(startHere());
    }
  }

  /** @param {Port} port @returns {Promise<Port>} when it has said that it is there */
  #greet(port) {
    return new Promise((resolve, reject) => {
      const refuse = (/** @type {any} */ event) => {
        clearTimeout(timer);
        end(port);
        reject(new LabError('ECHILD', event?.message ?? 'the worker could not be started'));
      };
      const timer = setTimeout(refuse, this.#patience_ms);
      port.onerror = port.onmessageerror = refuse;
      port.onmessage = () => {
        clearTimeout(timer);
        port.onmessage = ({ data }) => this.#take(data);
        port.onerror = port.onmessageerror = (event) => this.#fail(new LabError('ECHILD', `the worker has ended: ${event.message ?? 'no reason given'}`));
        resolve(port);
      };
    });
  }

  /** @param {Answer} answer */
  #take(answer) {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if (answer.error) waiting.reject(new LabError(answer.error.code, answer.error.message));
    else waiting.resolve(answer);
  }

  /** The other end is gone. @param {LabError} error */
  #fail(error) {
    const port = this.#port;
    this.#port = null;
    void port?.then(end);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}

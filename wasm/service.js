/**
 * Runs a lab for somebody behind a port: in a worker, or on the other end of a MessageChannel. It is asked for one
 * piece of a run at a time, so whoever asks can see how far it is, and gives it up by not asking again.
 *
 *   asks       {id, call: 'depart', what: Departure}                      {id, call: 'stretch', what: {t_us, steps_max}}
 *   answers    {id}                                                       {id, stretch}
 *   or         {id, error: {code, message}}
 *
 * When it is there it says so, with an id of 0.
 */
import { Lab } from './engine.js';
import { LabError } from './error.js';
import { LabModule } from './module.js';

/** @typedef {import('./engine.js').Departure} Departure */
/** @typedef {import('./engine.js').Stretch} Stretch */
/** @typedef {{id: number, call: 'depart', what: Departure} | {id: number, call: 'stretch', what: {t_us: number, steps_max: number}}} Asked */
/** @typedef {{id: number, stretch?: Stretch, error?: {code: string, message: string}}} Answer */

class LabService {
  /** @type {Lab | null} */
  #lab = null;
  /** How the lab was made: one that was made alike can become any other. */
  #made = '';

  /** @param {Departure} from */
  depart({ wasm, made, run }) {
    const key = JSON.stringify(made);
    if (!this.#lab || this.#made !== key) this.#lab = new Lab(new LabModule(wasm), made);
    this.#made = key;
    this.#lab.become(run);
  }

  /** @param {Asked} asked @returns {Omit<Answer, 'id'>} */
  do(asked) {
    if (asked.call === 'depart') {
      this.depart(asked.what);
      return {};
    }
    if (!this.#lab) throw new LabError('EINVAL', 'stretch: there is no lab yet');
    return { stretch: this.#lab.stretch(asked.what.t_us, asked.what.steps_max) };
  }

  /** After a fault the lab is of no use. @param {unknown} error @returns {Omit<Answer, 'id'>} */
  refuse(error) {
    this.#lab = null;
    const { code = 'EFAULT', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
    return { error: { code, message } };
  }
}

/**
 * Answers what comes through a port.
 * @param {{onmessage: ((event: MessageEvent<Asked>) => void) | null, postMessage: (answer: Answer, transfer: ArrayBuffer[]) => void}} port
 */
export function serve(port) {
  const service = new LabService();
  port.onmessage = ({ data }) => {
    let answer;
    try {
      answer = service.do(data);
    } catch (error) {
      answer = service.refuse(error);
    }
    const records = answer.stretch?.records.buffer;
    port.postMessage({ id: data.id, ...answer }, records ? [/** @type {ArrayBuffer} */ (records)] : []);
  };
  port.postMessage({ id: 0 }, []);
}

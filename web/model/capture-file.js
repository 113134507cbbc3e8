/**
 * Opens a capture file in a worker, or without one where the browser allows none (a page from a file), piece by piece then
 * with the page's own turns between. Who asks sees no difference.
 *
 * @typedef {import('./capture-desk.js').CaptureSummary} CaptureSummary
 * @typedef {object} CaptureFile
 * @property {CaptureSummary} summary
 * @property {(connection: number) => Promise<import('./capture-desk.js').SegmentColumns>} segments
 * @property {(index: number) => Promise<import('./capture-desk.js').CapturedInside>} inside
 * @property {() => void} close
 *
 * @typedef {object} OpenHow
 * @property {string} wasm address of the capture module
 * @property {(done_bytes: number, all_bytes: number) => void} progress
 * @property {AbortSignal} signal
 */
import { CaptureDesk, CaptureError } from './capture-desk.js';

/** @returns {Promise<Worker | null>} */
function startWorker() {
  return new Promise((done) => {
    try {
      const worker = new Worker(new URL('./capture-worker.js', import.meta.url), { type: 'module' });
      worker.onerror = (event) => (event.preventDefault(), worker.terminate(), done(null));
      worker.onmessage = () => done(worker); // it is ready
    } catch {
      done(null);
    }
  });
}

/** Questions to a worker, and their answers. */
class Remote {
  /** @param {Worker} worker @param {OpenHow} how */
  constructor(worker, { progress, signal }) {
    this.worker = worker;
    this.last_id = 0;
    /** @type {Map<number, {done: (result: any) => void, fail: (error: Error) => void}>} */
    this.waiting = new Map();
    worker.onmessage = ({ data }) => {
      if (data.progress) progress(data.progress[0], data.progress[1]);
      else this.settle(data);
    };
    worker.onerror = (event) => this.end(new CaptureError('broken', event.message));
    signal.addEventListener('abort', () => this.end(new CaptureError('cancelled')));
  }

  /** @param {{id: number, result?: any, error?: {code: string, message: string}}} answer */
  settle({ id, result, error }) {
    const question = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) question?.fail(new CaptureError(error.code, error.message));
    else question?.done(result);
  }

  /** @param {string} call @param {any[]} args @returns {Promise<any>} */
  ask(call, args) {
    return new Promise((done, fail) => {
      const id = ++this.last_id;
      this.waiting.set(id, { done, fail });
      this.worker.postMessage({ id, call, args });
    });
  }

  /** @param {Error} error */
  end(error) {
    this.worker.terminate();
    for (const { fail } of this.waiting.values()) fail(error);
    this.waiting.clear();
  }
}

/**
 * @param {Blob} file
 * @param {OpenHow} how
 * @returns {Promise<CaptureFile>}
 */
export async function openCaptureFile(file, how) {
  const worker = await startWorker();
  if (!worker) return openHere(file, how);
  const remote = new Remote(worker, how);
  try {
    const summary = await remote.ask('open', [file, how.wasm]);
    return {
      summary,
      segments: (connection) => remote.ask('segments', [connection]),
      inside: (index) => remote.ask('inside', [index]),
      close: () => remote.end(new CaptureError('cancelled')),
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/** @param {Blob} file @param {OpenHow} how @returns {Promise<CaptureFile>} */
export async function openHere(file, { wasm, progress, signal }) {
  const desk = await CaptureDesk.open(file, { wasm, progress, signal, pause: () => new Promise((done) => setTimeout(done)) });
  return {
    summary: desk.summary(),
    segments: async (connection) => desk.segments(connection),
    inside: (index) => desk.inside(index),
    close: () => {},
  };
}

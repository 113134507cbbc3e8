/**
 * Reads a capture file apart from the page, so that a hundred megabytes do not hold it up. It answers what capture-desk.js
 * answers: {id, call, args} is a question, {id, result} or {id, error} its answer; {progress} comes between.
 */
import { CaptureDesk } from './capture-desk.js';

/** @type {CaptureDesk | null} */
let desk = null;

/** @param {string} call @param {any[]} args */
async function answer(call, args) {
  if (call === 'open') {
    const [file, wasm] = args;
    desk = await CaptureDesk.open(file, { wasm, progress: (done, all) => postMessage({ progress: [done, all] }) });
    return desk.summary();
  }
  if (!desk) throw new Error('no file has been opened');
  return call === 'segments' ? desk.segments(args[0]) : desk.inside(args[0]);
}

addEventListener('message', async ({ data: { id, call, args } }) => {
  try {
    postMessage({ id, result: await answer(call, args) });
  } catch (error) {
    const { code = 'broken', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
    postMessage({ id, error: { code, message } });
  }
});

postMessage({ ready: true });

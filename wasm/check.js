/**
 * The checker of lessons: the same C code as `tcplab check` (core/lab/lesson.c), in a module of its own, which only a
 * page on which lessons are written downloads.
 *
 *   const faults = await checkLesson(await loadModule('check.wasm'), text);
 */
/** @typedef {{path: string, what: string}} Fault "steps[1].from", and what was expected there */

/**
 * @param {WebAssembly.Module} module build/wasm/check.wasm
 * @param {string} text a lesson as JSON
 * @returns {Promise<Fault[]>} empty: it is good
 */
export async function checkLesson(module, text) {
  const api = /** @type {any} */ ((await WebAssembly.instantiate(module)).exports);
  const bytes = new TextEncoder().encode(text);
  const at = api.check_api_document(bytes.length);
  if (at === 0) return [{ path: '', what: 'out of memory' }];
  new Uint8Array(api.memory.buffer).set(bytes, at);
  if (api.check_api_lesson(bytes.length) === 0) return [];
  const told = new Uint8Array(api.memory.buffer, api.check_api_faults());
  return new TextDecoder()
    .decode(told.subarray(0, told.indexOf(0)))
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [path, ...rest] = line.split(': ');
      return rest.length > 0 ? { path, what: rest.join(': ') } : { path: '', what: line };
    });
}

/**
 * Gets a compiled module from whatever the caller has: an address, a response, bytes, or a module that another lab
 * uses already. It works in pages, workers and node, and touches nothing else of the network.
 *
 * Browsers compile while they download when the server says `application/wasm`. Many servers say something else;
 * then the bytes are read to their end and compiled afterwards, which is slower and works as well.
 */
import { LabError } from './error.js';

/** @typedef {WebAssembly.Module | BufferSource | Response | URL | string} WasmSource */

/**
 * @param {Response | Promise<Response>} pending
 * @returns {Promise<WebAssembly.Module>}
 */
async function compileResponse(pending) {
  const response = await pending;
  if (!response.ok) throw new LabError('ENOENT', `the module could not be fetched: ${response.status} ${response.url}`);
  const type = (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase();
  if (WebAssembly.compileStreaming && type === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** The bytes of a data: address, which a policy may keep fetch() from. @param {string} address */
const bytesIn = (address) => Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));

/**
 * A compiled module. It has no state and may be shared by any number of labs.
 * @param {WasmSource | Promise<Response>} source an address (resolved by fetch, so not `file:`), or bytes, or a module
 * @returns {Promise<WebAssembly.Module>}
 */
export async function loadModule(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  try {
    if (typeof given === 'string' && given.startsWith('data:')) return await WebAssembly.compile(bytesIn(given));
    if (typeof given === 'string' || given instanceof URL) return await compileResponse(fetch(given));
    if (typeof Response !== 'undefined' && given instanceof Response) return await compileResponse(given);
    if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return await WebAssembly.compile(given);
  } catch (error) {
    if (error instanceof LabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LabError('ENOEXEC', `the module could not be loaded: ${reason}`, { cause: error });
  }
  throw new LabError('EINVAL', 'wasm: expected an address, a Response, bytes or a WebAssembly.Module');
}

/**
 * A static file server for the built page: `node web/serve.js build/web 8080`. With `--live`, it reloads when a lesson
 * is saved (live.js).
 *
 * It sends what a careful host would: the right MIME types (application/wasm lets the browser compile while it
 * downloads) and a content security policy without inline scripts or eval. When the port is taken it tries the
 * next ones, and it always says which address it got. Tests import startServer() and let the system choose a port.
 *
 * Left out on purpose: compression, ranges, caching, TLS. This is for one person on one machine.
 */
import { createReadStream, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIME_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.ftl': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.pcapng': 'application/octet-stream',
};

/** Lit writes style elements into shadow roots; scripts come from files only. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PORTS_TO_TRY = 20;

/**
 * The file a request asks for, or null when it would leave the folder.
 * @param {string} folder absolute
 * @param {string} url the request's target
 * @returns {string | null}
 */
function fileOf(folder, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
  return file.startsWith(folder + sep) ? file : null;
}

/**
 * @param {string} folder absolute
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {import('./live.js').Live | null} live
 */
async function answer(folder, request, response, live) {
  const refuse = (/** @type {number} */ code, /** @type {string} */ text) => {
    response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${text}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.');
  const file = fileOf(folder, request.url ?? '/');
  if (file && live?.answer(request, response)) return;
  const found = file && (await stat(file).catch(() => null));
  if (!file || !found || !found.isFile()) return refuse(404, 'No such file.');
  const type = /** @type {Record<string, string>} */ (MIME_TYPES)[extname(file)];
  const page = live && extname(file) === '.html' ? Buffer.from(live.dress(await readFile(file, 'utf8'))) : null;
  response.writeHead(200, {
    'content-type': type ?? 'application/octet-stream',
    'content-length': page?.length ?? found.size,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
    // All of it is public: pages of other origins may frame it and load its element.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (request.method === 'HEAD' || page) return response.end(request.method === 'HEAD' ? undefined : page);
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/**
 * Serves a folder on localhost.
 * @param {string} folder
 * @param {{port?: number, tries?: number, live?: import('./live.js').Live | null}} [options] port 0 lets the system choose; `tries` ports are tried upwards
 * @returns {Promise<{url: string, port: number, close: () => Promise<void>}>}
 */
export async function startServer(folder, { port = 0, tries = 1, live = null } = {}) {
  const root = resolve(folder);
  const server = createServer((request, response) => void answer(root, request, response, live));
  for (let attempt = port; ; attempt++) {
    try {
      await new Promise((done, fail) => {
        server.once('error', fail);
        server.listen(attempt, 'localhost', () => {
          server.off('error', fail);
          done(undefined);
        });
      });
      break;
    } catch (error) {
      const busy = /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE';
      if (!busy || attempt + 1 >= port + tries || attempt >= 65535) throw error;
    }
  }
  const bound = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  return {
    url: `http://localhost:${bound}/`,
    port: bound,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Reloads pages when a lesson is saved. */
async function watchLessons() {
  const { Live, rebuild } = await import('./live.js');
  return new Live(fileURLToPath(new URL('lessons', import.meta.url)), rebuild, (line) => console.log(line));
}

async function main() {
  const [folder = 'build/web', wish = '8080'] = process.argv.slice(2).filter((arg) => arg !== '--live');
  const port = Number(wish);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`PORT: expected a number from 0 to 65535, got "${wish}"`);
    process.exit(2);
  }
  try {
    const live = process.argv.includes('--live') ? await watchLessons() : null;
    const server = await startServer(folder, { port, tries: PORTS_TO_TRY, live });
    if (port !== 0 && server.port !== port) console.log(`Port ${port} is taken by another program.`);
    console.log(`TCP Lab is on ${server.url} (Ctrl-C stops it)`);
  } catch (error) {
    console.error(`No port from ${port} to ${port + PORTS_TO_TRY - 1} can be had: ${error}`);
    process.exit(1);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();

/**
 * The lab without a network. All files of one build are kept together under the build's name, and whatever else the
 * site has is none of this worker's business: it answers for its own files only. Made by `make dist`.
 */
/** What the build is called, and its files: filled in when it is made. */
const BUILD = '';
const FILES = /** @type {string[]} */ ([]);

const worker = /** @type {any} */ (globalThis);
const { scope } = worker.registration;
const prefix = `tcplab ${scope} `;
const store = prefix + BUILD;
const own = new Map(FILES.map((path) => [new URL(path, scope).href, path]));
own.set(scope, 'index.html');

/** The file that an address means: its parameters are the page's own. @param {string} address */
function fileOf(address) {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  return own.get(url.href);
}

worker.addEventListener('install', (/** @type {any} */ event) => {
  const all = FILES.map((path) => new Request(new URL(path, scope), { cache: 'reload' }));
  event.waitUntil(caches.open(store).then((cache) => cache.addAll(all)));
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  const old = (/** @type {string} */ name) => name.startsWith(prefix) && name !== store;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const path = event.request.method === 'GET' ? fileOf(event.request.url) : undefined;
  if (path === undefined) return;
  const kept = caches.open(store).then((cache) => cache.match(new URL(path, scope)));
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});

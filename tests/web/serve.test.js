/** The server of the built page: types, policy, what it refuses, and what it does when its port is taken. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { startServer } from '../../web/serve.js';

/** A folder with a page in it, and a file beside it that is none of the page's business. */
function withSite(body) {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tcplab-serve-'));
    const site = join(folder, 'site');
    mkdirSync(site);
    writeFileSync(join(site, 'index.html'), '<!doctype html><title>x</title>');
    writeFileSync(join(site, 'a.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d]));
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const server = await startServer(site);
    try {
      await body(server, site);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  };
}

/** fetch() would tidy the path up before it asks; this asks for it as it stands. */
function statusOf(port, path, method = 'GET') {
  return new Promise((done, fail) => {
    const asked = request({ host: 'localhost', port, path, method }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    asked.on('error', fail);
    asked.end();
  });
}

test('pages and modules come with their types and a policy', withSite(async ({ url }) => {
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<title>x/);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.doesNotMatch(policy, /script-src[^;]*'unsafe-(inline|eval)'/);
  assert.doesNotMatch(policy, /frame-ancestors/, 'other pages may frame it');
  assert.equal(page.headers.get('x-frame-options'), null);
  assert.equal(page.headers.get('access-control-allow-origin'), '*');
  const module = await fetch(`${url}a.wasm`);
  assert.equal(module.headers.get('content-type'), 'application/wasm');
  assert.equal((await module.arrayBuffer()).byteLength, 4);
}));

test('what is not in the folder is not served', withSite(async ({ port }) => {
  for (const path of ['/none', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/a%00.wasm', '/%zz']) {
    assert.equal(await statusOf(port, path), 404, path);
  }
  assert.equal(await statusOf(port, '/', 'POST'), 405);
}));

test('a taken port leads to the next, or to an error when no other may be tried', withSite(async ({ port }, site) => {
  await assert.rejects(startServer(site, { port }), { code: 'EADDRINUSE' });
  const second = await startServer(site, { port, tries: 20 });
  assert.ok(second.port > port && second.port < port + 20);
  await second.close();
}));

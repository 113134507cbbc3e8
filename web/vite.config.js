/**
 * The page's build. It reads web/ and build/wasm/ (made by `make wasm`) and writes build/web/, all with relative
 * paths, so that the result can lie in any folder of any static server.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** @param {string} path from web/ */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const pages = ['index.html', 'course.html', 'teacher.html', 'try.html', 'embed.html'].map(at).filter((page) => existsSync(page));

export default defineConfig({
  root: at('.'),
  base: './',
  build: {
    outDir: at('../build/web'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // The polyfill is an inline script, which the page's content security policy forbids.
    modulePreload: { polyfill: false },
    rollupOptions: { input: pages },
  },
  // Workers are modules, as everything else.
  worker: { format: 'es' },
  server: { fs: { allow: [at('..')] } },
});

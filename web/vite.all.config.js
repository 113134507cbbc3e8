/**
 * The whole lab as one classic script, for where modules cannot be loaded: nothing is fetched, so no workers; what would
 * run in one runs between the page's turns. It writes build/all/tcp-lab.all.js.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { withoutWorkers } from './vite.plugins.js';

/** @param {string} path from web/ */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  base: './',
  publicDir: false,
  plugins: [withoutWorkers()],
  build: {
    outDir: at('../build/all'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: Infinity,
    chunkSizeWarningLimit: Infinity,
    modulePreload: false,
    rollupOptions: {
      input: at('all.js'),
      output: { format: 'iife', inlineDynamicImports: true, entryFileNames: 'tcp-lab.all.js' },
    },
  },
  server: { fs: { allow: [at('..')] } },
});

/**
 * The whole lab as one classic script, for where modules cannot be loaded: nothing is fetched, so no workers; what would
 * run in one runs between the page's turns. It writes build/all/tcp-lab.all.js.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** @param {string} path from web/ */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const WORKER = /new Worker\(new URL\('[^']+', import\.meta\.url\), \{ type: 'module' \}\)/;

/** @returns {import('vite').Plugin} */
function withoutWorkers() {
  return {
    name: 'without-workers',
    enforce: 'pre',
    transform(code, id) {
      if (id.includes('node_modules') || !WORKER.test(code)) return null;
      return { code: code.replace(WORKER, "(() => { throw new Error('there are no workers here'); })()"), map: null };
    },
  };
}

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

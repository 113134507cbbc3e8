/**
 * The page's build. It reads web/ and build/wasm/ (made by `make wasm`) and writes build/web/, all with relative
 * paths, so that the result can lie in any folder of any static server.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { chunkOf, sharedWorkers, smallTemplates } from './vite.plugins.js';

/** @param {string} path from web/ */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const pages = ['index.html', 'course.html', 'teacher.html', 'try.html', 'embedding.html', 'embed.html'].map(at).filter((page) => existsSync(page));

/** The helper for host pages as it stands, as a module and as a classic script. @returns {import('vite').Plugin} */
function hostHelper() {
  return {
    name: 'host-helper',
    generateBundle() {
      const source = readFileSync(at('embed/tcplab-host.js'), 'utf8');
      const names = [...source.matchAll(/^export (?:class|function) (\w+)/gm)].map((match) => match[1]);
      const classic = `(() => {\n${source.replace(/^export /gm, '')}\nglobalThis.tcplabHost = { ${names.join(', ')} };\n})();\n`;
      this.emitFile({ type: 'asset', fileName: 'tcplab-host.js', source });
      this.emitFile({ type: 'asset', fileName: 'tcplab-host.classic.js', source: classic });
    },
  };
}

export default defineConfig({
  plugins: [hostHelper(), sharedWorkers(), smallTemplates()],
  root: at('.'),
  base: './',
  build: {
    outDir: at('../build/web'),
    emptyOutDir: true,
    target: 'es2022',
    minify: 'terser',
    terserOptions: { module: true, compress: { passes: 2 }, format: { ecma: 2020 } },
    assetsInlineLimit: 0,
    modulePreload: {
      // The polyfill is an inline script, which the page's content security policy forbids.
      polyfill: false,
      // Lists of addresses to fetch ahead would be wrong where somebody bundles the element anew.
      resolveDependencies: (_name, deps, { hostType }) => (hostType === 'html' ? deps : []),
    },
    rollupOptions: {
      input: [...pages, at('tcp-lab.js')],
      preserveEntrySignatures: 'exports-only',
      output: {
        manualChunks: chunkOf,
        onlyExplicitManualChunks: true,
        entryFileNames: (chunk) => (chunk.facadeModuleId === at('tcp-lab.js') ? 'tcp-lab.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { fs: { allow: [at('..')] } },
});

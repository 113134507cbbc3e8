/** What this build does beyond what Vite does. */

/** How a worker is begun in the sources; the first group is its file. */
const WORKER = /new Worker\(new URL\('([^']+)', import\.meta\.url\), \{ type: 'module' \}\)/;

/** Workers are entries of the same build: what one has in common with the page is a chunk of both, and fetched once. @returns {import('vite').Plugin} */
export function sharedWorkers() {
  return {
    name: 'shared-workers',
    apply: 'build',
    enforce: 'pre',
    async transform(code, id) {
      const [begun, file] = id.includes('node_modules') ? [] : (code.match(WORKER) ?? []);
      if (!begun) return null;
      const entry = await this.resolve(file, id);
      if (!entry) throw new Error(`${id}: no such worker: ${file}`);
      const chunk = this.emitFile({ type: 'chunk', id: entry.id });
      return { code: code.replace(begun, `new Worker(import.meta.ROLLUP_FILE_URL_${chunk}, { type: 'module' })`), map: null };
    },
  };
}

/** Without workers: beginning one fails, and what would run in it runs in the page. @returns {import('vite').Plugin} */
export function withoutWorkers() {
  return {
    name: 'without-workers',
    enforce: 'pre',
    transform(code, id) {
      if (id.includes('node_modules') || !WORKER.test(code)) return null;
      return { code: code.replace(WORKER, "(() => { throw new Error('there are no workers here'); })()"), map: null };
    },
  };
}

/** Blanks that say nothing, by the template's tag: ends of lines with what is around them, and comments. @type {Record<string, (text: string) => string>} */
const SMALLER = {
  html: (text) => text.replace(/\s*\n\s*/g, ' '),
  svg: (text) => text.replace(/\s*\n\s*/g, ' '),
  css: (text) =>
    text
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/\s*\n\s*/g, ' ')
      .replace(/ ?([{};]) ?/g, '$1')
      .replace(/;}/g, '}')
      .replace(/([:,]) /g, '$1'),
};

/** Templates are indented for those who read them. No element shows the blanks of its template as they stand. @returns {import('vite').Plugin} */
export function smallTemplates() {
  return {
    name: 'small-templates',
    apply: 'build',
    transform(code, id) {
      if (id.includes('node_modules') || !/\b(html|svg|css)`/.test(code)) return null;
      /** @type {{start: number, end: number, text: string}[]} */
      const changes = [];
      const visit = (/** @type {any} */ node) => {
        if (!node || typeof node !== 'object') return;
        const smaller = node.type === 'TaggedTemplateExpression' && SMALLER[node.tag.name];
        if (smaller) for (const { start, end } of node.quasi.quasis) changes.push({ start, end, text: smaller(code.slice(start, end)) });
        for (const value of Object.values(node)) if (typeof value === 'object') visit(value);
      };
      visit(this.parse(code));
      changes.sort((a, b) => b.start - a.start);
      for (const { start, end, text } of changes) code = code.slice(0, start) + text + code.slice(end);
      return { code, map: null };
    },
  };
}

/** What comes together when one of it is wanted, for small files press worse each by itself. All of a chunk is run when it comes. By the ends of paths. @type {Record<string, RegExp>} */
const TOGETHER = {
  engine: /wasm\/(?!capture|check|remote|worker)\w+\.js|tcplab\.wasm\?url/,
  runs: /elements\/(lab-runs|lab-opened)\.js|i18n\/runs\.js/,
};

/** In which chunk a module is to be, if that is not left to Rollup. @param {string} id */
export const chunkOf = (id) => Object.keys(TOGETHER).find((chunk) => !id.includes('node_modules') && TOGETHER[chunk].test(id));

/**
 * For who writes lessons: `make run` serves the built page, watches web/lessons and, when something in it is saved, checks it,
 * builds the page anew and reloads it wherever it is open. What is wrong is told in the terminal, and the page stays as it was.
 *
 * Each page that is served gets one script more, from a file of its own, so the policy against inline scripts holds; it listens on
 * a stream of events. Nothing of this is in the built page.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT_PATH = '/live-reload.js';
const EVENTS_PATH = '/live-events';
const SCRIPT = `new EventSource('.${EVENTS_PATH}').addEventListener('reload', () => location.reload());\n`;

/** An editor saves in several steps. */
const SETTLE_MS = 80;

const web = fileURLToPath(new URL('.', import.meta.url));

/** Runs a program: '' when it was content, or what it said. @param {string} file @param {string[]} args @returns {Promise<string>} */
const run = (file, args) =>
  new Promise((done) => {
    execFile(file, args, { cwd: web }, (error, stdout, stderr) => done(error ? `${stdout}${stderr}`.trim() || error.message : ''));
  });

/** Checks the lessons, then builds the page. @returns {Promise<string>} '' or what is wrong */
export async function rebuild() {
  const lessons = readdirSync(join(web, 'lessons'))
    .map((name) => join(web, 'lessons', name, 'lesson.json'))
    .filter(existsSync);
  const wrong = await run(join(web, '../build/native/tcplab'), ['check', ...lessons]);
  if (wrong) return wrong.replace(/^.*: good\n?/gm, '').replaceAll(join(web, 'lessons/'), '').trim();
  return run(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']);
}

export class Live {
  /**
   * @param {string} folder what is watched, with its folders
   * @param {() => Promise<string>} build makes the page anew; '' or what is wrong
   * @param {(line: string) => void} say
   */
  constructor(folder, build, say) {
    this.folder = folder;
    this.build = build;
    this.say = say;
    /** Pages that are open. @type {Set<import('node:http').ServerResponse>} */
    this.pages = new Set();
    /** @type {Map<string, import('node:fs').FSWatcher>} */
    this.watchers = new Map();
    /** @type {NodeJS.Timeout | undefined} */
    this.timer = undefined;
    this.busy = false;
    this.again = false;
    this.#watch();
  }

  /** Folders that are new are watched from now on. */
  #watch() {
    const inside = readdirSync(this.folder).map((name) => join(this.folder, name));
    for (const each of [this.folder, ...inside.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())]) {
      if (this.watchers.has(each)) continue;
      const watcher = watch(each, () => this.#changed());
      watcher.on('error', () => this.watchers.delete(each)); // the folder is gone
      this.watchers.set(each, watcher);
    }
  }

  #changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.#watch();
      void this.#renew();
    }, SETTLE_MS);
  }

  /** Builds, once at a time; what changed meanwhile is built after it. */
  async #renew() {
    this.again = this.busy;
    if (this.busy) return;
    this.busy = true;
    const wrong = await this.build();
    this.busy = false;
    if (this.again) return void this.#renew();
    this.say(wrong || 'The lessons have changed: the page reloads.');
    if (!wrong) for (const page of this.pages) page.write('event: reload\ndata:\n\n');
  }

  /** A served page, with the script that listens. @param {string} html */
  dress = (html) => html.replace('</head>', `<script type="module" src=".${SCRIPT_PATH}"></script></head>`);

  /** Answers what is asked of it. @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @returns {boolean} false: it is for the files */
  answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === SCRIPT_PATH) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }).end(SCRIPT);
      return true;
    }
    if (pathname !== EVENTS_PATH) return false;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(': listening\n\n');
    this.pages.add(response);
    response.on('close', () => this.pages.delete(response));
    return true;
  }

  close() {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
    for (const page of this.pages) page.end();
  }
}

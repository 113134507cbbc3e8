/** The lab as it stands in a page of its own: a reload returns to the run, and "New run" begins another. */
import { TcpLab } from './elements/tcp-lab.js';
import { forgetKept, keepRun, readKept, tabStorage } from './model/keep.js';
import { LabModule } from '../wasm/module.js';
import { readUrl } from '../wasm/options.js';

/** Another run that is opened is not the one that was left. @param {import('./elements/lab-opened.js').Opened | null} [opened] */
const opening = (opened) => (opened ? `${opened.kind} ${opened.name}` : '');

export class PageLab extends TcpLab {
  constructor() {
    super();
    this.storage = tabStorage();
    /** @type {import('./model/keep.js').KeptRun | null} the run to return to */
    this.kept = null;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('pagehide', this.keep);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.keep);
  }

  /** @param {WebAssembly.Module} wasm */
  async plan(wasm) {
    const plan = await super.plan(wasm);
    const kept = plan.lesson ? null : readKept(this.storage, opening(plan.opened));
    if (!kept) return plan;
    try {
      const run = readUrl(new LabModule(wasm), kept.run);
      this.kept = kept;
      return { ...plan, ...run };
    } catch {
      forgetKept(this.storage); // another version wrote it
      return plan;
    }
  }

  /** @param {WebAssembly.Module} wasm @param {import('./elements/tcp-lab.js').Plan} plan */
  async makeApp(wasm, plan) {
    const app = await super.makeApp(wasm, plan);
    if (!plan.lesson) app.begin_anew = () => this.beginAnew();
    return app;
  }

  async start() {
    await super.start();
    if (this.kept && this.app) await this.app.resume(this.kept);
  }

  /** The page goes; a lesson keeps its own progress. */
  keep = () => {
    if (this.app && !this.app.lesson) keepRun(this.storage, this.app.session, opening(this.app.opened));
  };

  beginAnew() {
    window.removeEventListener('pagehide', this.keep);
    forgetKept(this.storage);
    location.reload();
  }
}

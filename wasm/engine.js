/**
 * The lab as a JavaScript object. All protocol work is done in the WebAssembly module; this is its one door, for pages,
 * workers and node alike. It has no DOM, no timers and no clock: time goes on when runUntil() is called.
 *
 *   const lab = await Lab.create({ wasm: 'tcplab.wasm', scenario });
 *   const server = lab.host('server').socket();
 *   server.bind(80); server.listen();
 *   lab.host('client').socket().connect('10.0.0.2:80');
 *   lab.runFor(1_000_000);
 *   for (const event of lab.events()) console.log(event.t_us, event.kind);
 *
 * Everything impossible throws a LabError with a sentence. wasm/README.md has the contract.
 */
import { Ahead } from './ahead.js';
import { compareBranches } from './compare.js';
import { LabError, checkInteger } from './error.js';
import { Layout } from './layout.js';
import { loadModule } from './loader.js';
import { AREA, LabModule } from './module.js';
import { checkActions, isEmpty, readUrl } from './options.js';
import { logToJson, packRun, unpackRun } from './run.js';
import { Timeline } from './timeline.js';
import { Host, Link } from './topology.js';
import { LabView } from './view.js';

export { LabError } from './error.js';
export { loadModule } from './loader.js';
export { Host, Link, Socket } from './topology.js';

/** @typedef {import('./events.js').LabEvent} LabEvent */
/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {import('./timeline.js').Stretch} Stretch */
/** @typedef {import('./loader.js').WasmSource} WasmSource */
/** @typedef {import('./frames.js').LabFrame} LabFrame */
/** @typedef {import('./frames.js').Dissection} Dissection */
/** @typedef {import('./frames.js').DissectField} DissectField */
/** @typedef {import('./layout.js').Kind} Kind */
/** @typedef {import('./layout.js').Rule} Rule */
/** @typedef {import('./options.js').LabOptions} LabOptions */
/** @typedef {import('./options.js').HistoryBounds} HistoryBounds */
/** @typedef {import('./options.js').BranchInfo} BranchInfo */
/** @typedef {import('./ahead.js').AheadOptions} AheadOptions */
/** @typedef {import('./ahead.js').AheadResult} AheadResult */
/** @typedef {import('./causes.js').Why} Why */
/** @typedef {import('./causes.js').FrameLife} FrameLife */
/** @typedef {import('./compare.js').Comparison} Comparison */

const MEMORY_MIB = { min: 16, standard: 64, max: 1024 };

/**
 * All that a lab elsewhere needs to go on from here.
 * @typedef {object} Departure
 * @property {WebAssembly.Module} wasm
 * @property {Omit<LabOptions, 'wasm'>} made how it was made
 * @property {{position: import('./snapshots.js').Position, actions: Action[], image: Uint8Array}} run for become()
 */

/** @param {{ok: boolean, error?: string, message?: string} & Record<string, any>} reply */
function checkReply(reply) {
  if (!reply.ok) throw new LabError(reply.error ?? 'EINVAL', reply.message ?? 'the command failed', { reply });
  return reply;
}

export class Lab extends LabView {
  #module;
  #layout;
  #timeline;
  #scenario;
  #memory_mib;
  /** @type {Ahead | null} */
  #ahead = null;
  /** @type {{hosts: Host[], links: Link[]} | null} until the next change */
  #topology = null;

  /**
   * Makes a lab. Its module may be shared: loadModule() once, then give it to each.
   * @param {LabOptions} options
   * @returns {Promise<Lab>}
   */
  static async create(options) {
    const module = await loadModule(options.wasm);
    return new Lab(new LabModule(module), options);
  }

  /**
   * Makes a lab of what url() gave, here or in the command line.
   * @param {string} url what stands before "tcplab:" is passed over
   * @param {Omit<LabOptions, 'scenario' | 'actions'>} options
   * @returns {Promise<Lab>}
   */
  static async fromUrl(url, options) {
    const module = await loadModule(options.wasm);
    const { scenario, actions = [] } = readUrl(new LabModule(module), url);
    return new Lab(new LabModule(module), { ...options, scenario, actions });
  }

  /**
   * @param {LabModule} module
   * @param {Omit<LabOptions, 'wasm'>} options
   */
  constructor(module, { scenario = { tcplab: 1 }, seed, memory_mib = MEMORY_MIB.standard, actions = [], history }) {
    const memory = checkInteger('memory_mib', memory_mib, MEMORY_MIB.min, MEMORY_MIB.max) * 1048576;
    if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) throw new LabError('EINVAL', 'scenario: expected an object');
    const log = checkActions(actions);
    if (seed !== undefined) checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER);
    const all = seed === undefined ? scenario : { ...scenario, seed };
    const len = isEmpty(all) ? 0 : module.put(AREA.request, JSON.stringify(all));
    checkReply(module.replyJson(module.call('lab_api_create', len, memory, Number(all.seed ?? 1))));
    const layout = new Layout(module.replyJson(module.call('lab_api_layout')));
    const timeline = new Timeline(module, layout, log, history);
    super(module, layout, timeline.log);
    this.#scenario = all;
    this.#module = module;
    this.#memory_mib = memory_mib;
    this.#layout = layout;
    this.#timeline = timeline;
  }

  /** The scenario it was made from, with its seed. */
  get scenario() {
    return this.#scenario;
  }

  get seed() {
    return /** @type {number} */ (this.#scenario.seed ?? 1);
  }

  /** The log of what was done, and after seek() of what is still to come. */
  get actions() {
    return this.#timeline.actions.slice();
  }

  // ---- What is there -------------------------------------------------------------------------------

  #describeTopology() {
    if (!this.#topology) {
      const { nodes, links } = this.describe();
      const name = (/** @type {any} */ thing) => thing.name;
      this.#topology = {
        hosts: nodes.map((/** @type {any} */ node, /** @type {number} */ i) => new Host(this, name(node), i)),
        links: links.map((/** @type {any} */ link, /** @type {number} */ i) => new Link(this, name(link), i)),
      };
    }
    return this.#topology;
  }

  /** @returns {Host[]} by number */
  get hosts() {
    return this.#describeTopology().hosts;
  }

  /** @returns {Link[]} by number */
  get links() {
    return this.#describeTopology().links;
  }

  /**
   * @param {string | number} which a name, or the number in events
   * @returns {Host}
   */
  host(which) {
    const host = this.hosts.find(({ name, node }) => name === which || node === which);
    if (!host) throw new LabError('ENOENT', `there is no host ${JSON.stringify(which)}`);
    return host;
  }

  /**
   * @param {Record<string, any>} node a node of a scenario: {name: 'client', address: '10.0.0.1/24'}
   * @returns {Host}
   */
  addHost(node) {
    const reply = this.command({ kind: 'host', ...node, do: 'add_host' });
    return this.hosts[reply.node];
  }

  /**
   * Joins two hosts.
   * @param {Host | string} a a host, its name, or 'name:1' for its second interface
   * @param {Host | string} b
   * @param {Record<string, any>} [settings] as a link of a scenario: {delay_ms: 20}
   * @returns {Link}
   */
  link(a, b, settings = {}) {
    const between = [a, b].map((end) => (end instanceof Host ? end.name : end));
    const reply = this.command({ ...settings, do: 'add_link', between });
    return this.links[reply.link];
  }

  /**
   * The same as link().
   * @param {Host | string} a
   * @param {Host | string} b
   * @param {Record<string, any>} [settings]
   */
  connect(a, b, settings) {
    return this.link(a, b, settings);
  }

  /**
   * The state of all nodes and links, or of one node.
   * @param {string} [node]
   * @param {{detail?: boolean}} [how] detail: everything there is; it takes longer
   * @returns {any}
   */
  describe(node, { detail = false } = {}) {
    return checkReply(this.#timeline.command({ do: 'describe', ...(node !== undefined && { node }), ...(detail && { detail }) }));
  }

  /**
   * Does what the object says: the objects of a scenario's `actions`. It is logged.
   * @param {Record<string, any>} command
   * @param {Uint8Array} [blob] the bytes to send, for a command with `blob: true`
   * @returns {any} what it answers
   */
  command(command, blob) {
    if (typeof command?.do !== 'string') throw new LabError('EINVAL', 'do: expected the name of a command');
    const reply = this.#timeline.command(command, blob);
    if (command.do === 'add_host' || command.do === 'add_link') this.#topology = null;
    return checkReply(reply);
  }

  // ---- Time ----------------------------------------------------------------------------------------

  get now_us() {
    return this.#timeline.now_us;
  }

  /** When the next thing happens by itself; null when the lab is at rest. */
  get next_us() {
    const next = this.#module.call('lab_api_next');
    return next > Number.MAX_SAFE_INTEGER ? null : next;
  }

  /** The same, with the actions of the log that are still to come. */
  get upcoming_us() {
    const action = this.#timeline.actions[this.#timeline.position.applied];
    const { next_us } = this;
    return action ? Math.max(this.now_us, Math.min(action.at_us, next_us ?? Infinity)) : next_us;
  }

  /**
   * Runs everything up to and including `t_us`.
   * @param {number} t_us not before now
   * @param {{maxEvents?: number}} [options] stop after so many things; the clock is then at the last one
   * @returns {number} how many things were done
   */
  runUntil(t_us, { maxEvents = Infinity } = {}) {
    const from = this.now_us;
    if (!(t_us >= from && t_us <= Number.MAX_SAFE_INTEGER))
      {throw new LabError('EINVAL', `t_us: expected a time from ${from} on, got ${t_us}`);}
    if (!(maxEvents > 0)) throw new LabError('EINVAL', `maxEvents: expected a number above 0, got ${maxEvents}`);
    const actions = this.#timeline.position.applied;
    const done = this.#timeline.runUntil(Math.floor(t_us), maxEvents);
    if (this.#timeline.position.applied !== actions) this.#topology = null;
    return done;
  }

  /** @param {number} us how long */
  runFor(us) {
    return this.runUntil(this.now_us + us);
  }

  /**
   * Goes to any time, back or forth: everything is as it was (or will be) then. Actions that were done later are kept
   * and will be done again when their time comes, unless something else is done first.
   * @param {number} t_us
   */
  seek(t_us) {
    if (!(t_us >= 0 && t_us <= Number.MAX_SAFE_INTEGER))
      {throw new LabError('EINVAL', `t_us: expected a time from 0 on, got ${t_us}`);}
    this.#topology = null;
    this.#timeline.seek(Math.floor(t_us));
  }

  /**
   * Begins another future here: what is done from now on belongs to the new branch, and what was to come stays with the
   * one before. A command that is given in the past does this by itself.
   * @returns {BranchInfo}
   */
  branch() {
    return this.#branchInfo(this.#timeline.branch());
  }

  /** @returns {BranchInfo[]} by id */
  get branches() {
    return this.#timeline.branches.map((branch) => this.#branchInfo(branch));
  }

  /** @param {import('./branches.js').Branch} branch @returns {BranchInfo} */
  #branchInfo({ id, parent, fork: { t_us, step, event }, tip, actions }) {
    const isCurrent = id === this.#timeline.branchNow.id;
    return { id, parent: parent?.id ?? null, fork: { t_us, step, event }, tip_us: tip.t_us, actions: actions.slice(), is_current: isCurrent };
  }

  /**
   * Goes to another branch: to where it was left, or to a time. Events and actions are those of that branch then.
   * @param {number} id
   * @param {{t_us?: number}} [to]
   */
  switchTo(id, { t_us } = {}) {
    if (t_us !== undefined) checkInteger('t_us', t_us, 0, Number.MAX_SAFE_INTEGER);
    this.#topology = null;
    this.#timeline.switchTo(id, t_us);
  }

  /**
   * Takes back what was done last: the lab is as it was just before, on a new branch; what is taken back stays on the one
   * before, so that switchTo() brings it again.
   * @param {number} [count] of actions
   * @returns {{from: BranchInfo, to: BranchInfo}} the branch that was left, and the one that began
   */
  undo(count = 1) {
    const { length } = this.#timeline.actions;
    if (length === 0) throw new LabError('ENOENT', 'nothing was done that could be taken back');
    checkInteger('count', count, 1, length);
    this.#topology = null;
    const { branchNow } = this.#timeline;
    return { to: this.#branchInfo(this.#timeline.undo(count)), from: this.#branchInfo(branchNow) };
  }

  /**
   * Where two branches part, and which of their segments differ from there on. Both are run to the same time for it.
   * @param {number} a
   * @param {number} b
   * @param {{t_us?: number, max?: number}} [options] t_us: until when, else as far as the one that was run furthest;
   *   max: how many segments are listed, 1,000
   * @returns {Comparison}
   */
  compare(a, b, options = {}) {
    this.#topology = null;
    return compareBranches(this.#timeline, this.causes, this.#layout.names.compare, [a, b], options);
  }

  /**
   * What will happen: the run goes on in a copy, and nothing of this lab changes. Without bounds it ends with the next
   * TCP segment.
   * @param {AheadOptions} [options]
   * @returns {AheadResult}
   */
  ahead(options = {}) {
    this.#ahead ??= new Ahead(() => new Lab(new LabModule(this.#module.compiled), this.#twin));
    const { position, actions, image } = this.#timeline;
    return this.#ahead.run({ position, actions: actions.slice(), image }, options);
  }

  /** A lab that begins as this one. @returns {Omit<LabOptions, 'wasm'>} */
  get #twin() {
    return { scenario: this.#scenario, memory_mib: this.#memory_mib, history: { countMax: 2, between: Infinity } };
  }

  /**
   * Takes over another lab's memory, as it is: of a lab made alike.
   * @param {{position: import('./snapshots.js').Position, actions: Action[], image: Uint8Array}} run
   */
  become({ position, actions, image }) {
    this.#topology = null;
    this.#timeline.restore(image, position, actions);
  }

  /** Names where this lab is: the same text until something is done in it. */
  get place() {
    return this.#timeline.place;
  }

  /**
   * What another lab, in a worker perhaps, needs to run on from here.
   * @returns {Departure}
   */
  depart() {
    const { position, actions, image } = this.#timeline;
    return { wasm: this.#module.compiled, made: this.#twin, run: { position, actions: actions.slice(), image: image.slice() } };
  }

  /**
   * Runs at most `stepsMax` things, until a time, and tells all that came of it.
   * @param {number} t_us
   * @param {number} stepsMax
   * @returns {Stretch}
   */
  stretch(t_us, stepsMax) {
    this.#topology = null;
    return this.#timeline.stretch(Math.floor(t_us), stepsMax);
  }

  /**
   * Takes over what another lab ran from here on: all is as if it had been run here, also for going back.
   * @param {Stretch} stretch
   */
  arrive(stretch) {
    this.#topology = null;
    this.#timeline.arrive(stretch);
  }

  /** All of the lab's memory in 16 hexadecimal digits: the same for the same run, at the same moment. */
  hash() {
    return this.#timeline.hash();
  }

  /** What is kept for going back: how many bytes and snapshots, and how much the last seek() or switchTo() ran again. */
  get history() {
    return this.#timeline.history;
  }

  /**
   * The run (scenario, seed, actions) as a text that fits into the fragment of a URL: "tcplab:1:...". Lesson-sized runs take
   * at most 2,048 characters; a run of more than a megabyte is refused.
   */
  url() {
    const run = { scenario: this.#scenario, actions: logToJson(this.#timeline.actions) };
    const len = this.#module.put(AREA.request, JSON.stringify(run));
    const reply = this.#module.replyJson(this.#module.call('lab_api_url_pack', len));
    checkReply(reply);
    return /** @type {string} */ (reply.url);
  }

  /** All there is to this moment, opaque, for restore(). */
  snapshot() {
    const { origin, position, actions, image } = this.#timeline;
    return packRun({ scenario: this.#scenario, origin, position, actions }, image.slice(), this.#hashOf);
  }

  /** @param {Uint8Array} bytes */
  #hashOf = (bytes) => {
    const len = this.#module.put(AREA.blob, bytes);
    return this.#module.hash(this.#module.area(AREA.blob, 0), len);
  };

  /**
   * Puts a snapshot back: of this lab, or of another made from the same scenario, seed, memory and module. Branches that
   * were known are gone.
   * @param {Uint8Array} snapshot
   */
  restore(snapshot) {
    const { run, image } = unpackRun(snapshot, this.#hashOf);
    if (JSON.stringify(run.scenario) !== JSON.stringify(this.#scenario))
      {throw new LabError('EINVAL', 'snapshot: it is of another scenario or seed');}
    if (run.origin !== this.#timeline.origin) throw new LabError('EINVAL', 'snapshot: it was made with other memory, or by another build');
    this.become({ position: run.position, actions: run.actions, image });
  }
  /**
   * The frames that are kept, as a capture file.
   * @param {{view?: 'sent' | 'all' | 'end', end?: number}} [what] sent: each frame once, as it was sent; all: at both ends;
   *   end: what one end of a link saw (2 * link, + 1 for its second end)
   * @returns {Uint8Array}
   */
  pcapng(what = {}) {
    if (what.view === 'end') checkInteger('end', what.end ?? 0, 0, 2 * this.links.length - 1);
    return super.pcapng(what);
  }
}

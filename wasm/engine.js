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
import { LabError, checkInteger } from './error.js';
import { Frames } from './frames.js';
import { Layout } from './layout.js';
import { loadModule } from './loader.js';
import { AREA, LabModule } from './module.js';
import { logFromJson, logToJson, packRun, unpackRun } from './run.js';
import { Timeline } from './timeline.js';
import { Host, Link } from './topology.js';

export { LabError } from './error.js';
export { loadModule } from './loader.js';
export { Host, Link, Socket } from './topology.js';

/** @typedef {import('./events.js').LabEvent} LabEvent */
/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {import('./loader.js').WasmSource} WasmSource */
/** @typedef {import('./frames.js').LabFrame} LabFrame */
/** @typedef {import('./frames.js').Dissection} Dissection */
/** @typedef {import('./frames.js').DissectField} DissectField */
/** @typedef {import('./layout.js').Kind} Kind */
/** @typedef {import('./layout.js').Rule} Rule */

/**
 * @typedef {object} LabOptions
 * @property {WasmSource} wasm the module, its bytes, or where it is
 * @property {Record<string, any>} [scenario] a scenario document; without it, an empty lab
 * @property {number} [seed] instead of the scenario's
 * @property {number} [memory_mib] for everything in the lab; 64
 * @property {Action[]} [actions] a log to be done as its times come
 */

const MEMORY_MIB = { min: 16, standard: 64, max: 1024 };

/** @param {unknown} actions */
function checkActions(actions) {
  if (!Array.isArray(actions)) throw new LabError('EINVAL', 'actions: expected a list');
  let before = 0;
  actions.forEach(({ at_us, step, command }, index) => {
    const path = `actions[${index}]`;
    before = checkInteger(`${path}.at_us`, at_us, before, Number.MAX_SAFE_INTEGER);
    if (step !== undefined) checkInteger(`${path}.step`, step, 0, Number.MAX_SAFE_INTEGER);
    if (typeof command?.do !== 'string') throw new LabError('EINVAL', `${path}.command.do: expected a string`);
  });
  return actions.map((action) => ({ ...action }));
}

/**
 * A scenario must have nodes; a lab that is built by calls begins without.
 * @param {Record<string, any>} scenario
 */
const isEmpty = ({ tcplab, seed: _seed, ...rest }) => tcplab === 1 && Object.keys(rest).length === 0;

/** @param {{ok: boolean, error?: string, message?: string}} reply */
function checkReply(reply) {
  if (!reply.ok) throw new LabError(reply.error ?? 'EINVAL', reply.message ?? 'the command failed', { reply });
  return reply;
}

/**
 * The scenario and the actions of a URL.
 * @param {LabModule} module
 * @param {string} url
 */
function readUrl(module, url) {
  const len = module.call('lab_api_url_unpack', module.put(AREA.request, url || ' '));
  let reply;
  try {
    reply = module.replyJson(len);
    if (reply.ok) return { ...reply.run, actions: logFromJson(reply.run.actions ?? []) };
  } catch (error) {
    throw new LabError('EINVAL', 'url: it is whole, but there is no run in it', { cause: error });
  }
  throw new LabError(reply.error, `url: ${reply.message}`);
}

export class Lab {
  #module;
  #layout;
  #timeline;
  #frames;
  #scenario;
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
   * @param {LabOptions} options
   */
  constructor(module, { scenario = { tcplab: 1 }, seed, memory_mib = MEMORY_MIB.standard, actions = [] }) {
    const memory = checkInteger('memory_mib', memory_mib, MEMORY_MIB.min, MEMORY_MIB.max) * 1048576;
    if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) throw new LabError('EINVAL', 'scenario: expected an object');
    const log = checkActions(actions);
    if (seed !== undefined) checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER);
    this.#scenario = seed === undefined ? scenario : { ...scenario, seed };
    this.#module = module;
    const len = isEmpty(this.#scenario) ? 0 : module.put(AREA.request, JSON.stringify(this.#scenario));
    checkReply(module.replyJson(module.call('lab_api_create', len, memory, this.seed)));
    this.#layout = new Layout(module.replyJson(module.call('lab_api_layout')));
    this.#timeline = new Timeline(module, this.#layout, log);
    this.#frames = new Frames(module, this.#layout);
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

  /** @returns {Record<string, Rule>} by the names events have them */
  get rules() {
    return this.#layout.rules;
  }

  /** @returns {Record<string, Kind>} kinds of events with their fields */
  get kinds() {
    return this.#layout.kinds;
  }

  /** @returns {Record<string, string[]>} names of numbers: tcp_state, socket_call, drop_reason ...; of flags, one for each bit */
  get names() {
    return this.#layout.names;
  }

  /** @returns {Record<string, string[]>} English phrases for tcp_discard, drop_reason, loss_reason, socket_call */
  get phrases() {
    return this.#layout.phrases;
  }

  /** @returns {Record<string, string[]>} the lines of each program; an app_step event's `step` is the index */
  get apps() {
    return this.#layout.apps;
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
   * Drops the actions that are still to come.
   * @returns {Action[]} those dropped
   */
  branch() {
    return this.#timeline.branch();
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
    const { position, actions, image } = this.#timeline;
    return packRun({ scenario: this.#scenario, position, actions }, image);
  }

  /**
   * Puts a snapshot back: of this lab, or of another made from the same scenario, seed, memory and module.
   * @param {Uint8Array} snapshot
   */
  restore(snapshot) {
    const { run, image } = unpackRun(snapshot);
    if (JSON.stringify(run.scenario) !== JSON.stringify(this.#scenario))
      {throw new LabError('EINVAL', 'snapshot: it is of another scenario or seed');}
    this.#topology = null;
    this.#timeline.restore(image, run.position, run.actions);
  }

  // ---- What happened -------------------------------------------------------------------------------

  /**
   * Events so far, in order. The same event is the same object each time.
   * @param {number} [afterId] only those after this one
   * @returns {LabEvent[]}
   */
  events(afterId = 0) {
    return this.#timeline.log.after(afterId);
  }

  /**
   * @param {number} id
   * @returns {LabEvent | null}
   */
  event(id) {
    return this.#timeline.log.at(id);
  }

  /** Id of the last event so far; 0 when there is none. */
  get lastEvent() {
    return this.#timeline.log.last;
  }

  /** How many events were overwritten before they could be read; 0 unless a single thing made tens of thousands. */
  get lostEvents() {
    return this.#timeline.log.lost;
  }

  /**
   * A frame as it was sent, or as it arrived. Null when it is not (or no longer) kept.
   * @param {number} id
   * @param {{received?: boolean}} [as]
   * @returns {LabFrame | null}
   */
  frame(id, { received = false } = {}) {
    return this.#frames.frame(id, received);
  }

  /**
   * Ids of the frames that are kept, in the order of their capture.
   * @returns {number[]}
   */
  frames() {
    return this.#frames.ids();
  }

  /**
   * Which bytes are which field, and what they mean.
   * @param {number | Uint8Array} frame a frame's id, or any bytes
   * @param {{fcs?: boolean, rawIp?: boolean, received?: boolean}} [how] for bytes: whether they end in a frame check
   *   sequence, or begin with an IP header; for an id: as it arrived, not as it was sent
   * @returns {Dissection | null} null when the frame is not kept
   */
  dissect(frame, { fcs = false, rawIp = false, received = false } = {}) {
    return typeof frame === 'number' ? this.#frames.dissect(frame, received) : this.#frames.dissectBytes(frame, rawIp, fcs);
  }

  /**
   * The frames that are kept, as a capture file.
   * @param {{view?: 'sent' | 'all' | 'end', end?: number}} [what] sent: each frame once, as it was sent; all: at both ends;
   *   end: what one end of a link saw (2 * link, + 1 for its second end)
   * @returns {Uint8Array}
   */
  pcapng({ view = 'sent', end = 0 } = {}) {
    if (view === 'end') checkInteger('end', end, 0, 2 * this.links.length - 1);
    return this.#frames.pcapng(view, end);
  }
}

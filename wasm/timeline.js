/**
 * One run of a lab and the way through it. A run is (scenario, seed, actions): this keeps the log of actions, runs the
 * lab forwards with it, and goes to any other time by putting a snapshot back and running on from there. What is done
 * in the past begins a branch, and the future that was known stays.
 *
 * An action is logged with how many things the lab had done before it, not only with its time: several things can
 * happen at one time, and a person who steps may act between two of them. So a replay is exact.
 */
import { Branches } from './branches.js';
import { LabError } from './error.js';
import { EventLog } from './events.js';
import { LabMemory, changesOf, withChanges } from './image.js';
import { AREA } from './module.js';
import { Snapshots, isUpTo } from './snapshots.js';

/** @typedef {import('./snapshots.js').Position} Position */
/** @typedef {import('./snapshots.js').Snapshot} Snapshot */
/** @typedef {import('./branches.js').Branch} Branch */
/** @typedef {import('./module.js').LabModule} LabModule */
/** @typedef {import('./layout.js').Layout} Layout */

/**
 * An entry of the action log.
 * @typedef {object} Action
 * @property {number} at_us when it was done
 * @property {number} [step] how many things the lab had done before; without it, all that is due by at_us
 * @property {Record<string, any>} command
 * @property {Uint8Array} [blob] the bytes a command with `blob: true` sends
 */

/**
 * A piece of a run, done by one lab for another that stands where it began.
 * @typedef {object} Stretch
 * @property {Position} position where it ends
 * @property {boolean} isThere has the time that was asked for been reached?
 * @property {number[]} steps when actions of the log were done in it
 * @property {Uint8Array} records its events
 * @property {import('./image.js').Changes} changes of the memory
 */

/** After so many things the trace is read, long before its ring comes round. */
const STEPS_AT_ONCE = 256;

/** Commands that only look: they change nothing, so they are not actions. */
const READ_ONLY = new Set(['describe']);

export class Timeline {
  #module;
  #memory;
  #snapshots;
  #branches;
  #step = 0;
  #applied = 0;
  /** @type {import('./image.js').Image | null} what of the memory is known, see LabMemory */
  #base = null;

  /**
   * @param {LabModule} module with a lab just created in it
   * @param {Layout} layout
   * @param {Action[]} actions to be done when their time comes
   * @param {import('./engine.js').HistoryBounds} [bounds]
   */
  constructor(module, layout, actions, bounds = {}) {
    this.#module = module;
    this.#memory = new LabMemory(module, layout.event.bytes);
    this.#snapshots = new Snapshots(bounds);
    this.log = new EventLog(module, layout);
    this.log.pull();
    this.#branches = this.#newBranches(this.position, actions);
    /** What the last seek() had to run again. */
    this.rerun = { steps: 0, events: 0 };
    this.#keep();
  }

  /** @param {Position} start @param {Action[]} actions */
  #newBranches(start, actions) {
    return new Branches(this.log, start, actions, ({ id }, heir) => this.#snapshots.drop(id, heir && { branch: heir.id, end: heir.fork }));
  }

  /** Done and to come, by time. */
  get actions() {
    return this.#branches.current.actions;
  }

  get now_us() {
    return this.#module.call('lab_api_now');
  }

  /** @returns {Position} */
  get position() {
    return { step: this.#step, t_us: this.now_us, applied: this.#applied, event: this.log.last };
  }

  get branches() {
    return this.#branches.all;
  }

  get branchNow() {
    return this.#branches.current;
  }

  /** The lab's memory in use. Borrowed: valid until the next call. */
  get image() {
    return this.#memory.bytes;
  }

  hash() {
    return this.#memory.hash();
  }

  /** A number of the beginning, which all runs of the same scenario, seed, memory and module share. */
  get origin() {
    const { pages } = this.#snapshots.first.image;
    let hash = 0x811c9dc5;
    for (const page of pages) for (const byte of page ?? [0]) hash = Math.imul(hash ^ byte, 0x01000193);
    return hash >>> 0;
  }

  /** What the events of all branches take. */
  get #eventBytes() {
    return this.log.bytes + this.#branches.bytes;
  }

  /** What is kept for going back. */
  get history() {
    const bytes = this.#snapshots.bytes + this.#eventBytes;
    return { bytes, snapshots: this.#snapshots.count, between: this.#snapshots.between, rerun: this.rerun };
  }

  #keep() {
    const { position } = this;
    if (!this.#snapshots.wants(position, this.#branches.path())) return;
    this.#base = this.#memory.copy(this.#base);
    this.#snapshots.add({ ...position, branch: this.#branches.current.id, image: this.#base });
  }

  /**
   * Runs without regard to actions.
   * @param {number} t_us
   * @param {number} stepsMax Infinity: no bound
   * @returns {number} things done
   */
  #run(t_us, stepsMax) {
    let done = 0;
    for (;;) {
      const slice = Math.min(stepsMax - done, STEPS_AT_ONCE);
      if (slice <= 0) return done;
      const count = this.#module.call('lab_api_run_until', t_us, slice);
      if (count < 0) throw new LabError('EINVAL', `the lab cannot run to ${t_us}`);
      this.#step += count;
      done += count;
      this.log.pull();
      this.#reached();
      if (count < slice) return done;
    }
  }

  /** Notes how far the branch is known. */
  #reached() {
    const { position } = this;
    const { current } = this.#branches;
    if (isUpTo(current.tip, position)) current.tip = position;
    this.#keep();
    this.#snapshots.fit(this.#eventBytes);
  }

  /**
   * Runs to where an action was done, at most `stepsMax` things.
   * @param {Action} action
   * @param {number} stepsMax
   */
  #runToAction({ at_us, step }, stepsMax) {
    if (step === undefined) return this.#run(at_us, stepsMax);
    const done = this.#run(at_us, Math.min(step - this.#step, stepsMax));
    if (this.#step === step && this.now_us < at_us) this.#run(at_us, 1);
    return done;
  }

  /**
   * Runs to a time, doing the actions of the log as their time comes.
   * @param {number} t_us
   * @param {number} stepsMax Infinity: no bound
   * @param {number} [appliedMax] how many actions of the log may have been done in the end
   * @returns {number} things done
   */
  runUntil(t_us, stepsMax, appliedMax = Infinity) {
    let done = 0;
    for (let action; this.#applied < appliedMax && (action = this.actions[this.#applied]) && action.at_us <= t_us; ) {
      done += this.#runToAction(action, stepsMax - done);
      const reached = action.step === undefined ? done < stepsMax : this.#step >= action.step;
      if (!reached) return done;
      this.#applied++;
      action.step = this.#step; // from now on it is exact
      this.#module.command(action.command, action.blob);
      this.log.pull();
      this.#reached();
    }
    return done + this.#run(t_us, stepsMax - done);
  }

  /**
   * Does a command now and logs it. In the past it begins a branch: this is another future.
   * @param {Record<string, any>} command
   * @param {Uint8Array} [blob]
   * @returns {any} the reply, `ok` or not
   */
  command(command, blob) {
    if (READ_ONLY.has(command.do)) return this.#module.command(command, blob);
    const { position } = this;
    const reply = this.#module.command(command, blob);
    const last = this.#module.call('lab_api_trace_last') >>> 0;
    // One that failed may have left its trace, too: then it is part of the run. Else nothing has happened.
    if (!reply.ok && last === position.event) return reply;
    if (this.#isPast(position)) this.#branches.fork(position);
    this.log.pull();
    this.actions.push({ at_us: position.t_us, step: position.step, command, ...(blob && { blob }) });
    this.#applied++;
    this.#reached();
    return reply;
  }

  /** Is more known of the current branch than happened until here? @param {Position} position */
  #isPast(position) {
    const { actions, tip } = this.#branches.current;
    return actions.length > position.applied || !isUpTo(tip, position) || this.log.known > position.event;
  }

  /** Begins a branch here: what was to come stays with the one before. */
  branch() {
    return this.#branches.fork(this.position);
  }

  /**
   * Takes back the last actions of the log: goes to just before the first of them, and begins a branch there without them.
   * They stay in the branch before.
   * @param {number} count
   */
  undo(count) {
    const { current } = this.#branches;
    const applied = current.actions.length - count;
    const { at_us, step = Infinity } = current.actions[applied];
    this.#goTo(current, { t_us: at_us, step, applied, event: Infinity });
    return this.branch();
  }

  /**
   * Goes to a branch, to where it was left or to a time.
   * @param {number} id
   * @param {number} [t_us]
   */
  switchTo(id, t_us) {
    const branch = this.#branches.find(id);
    this.#branches.current.left = this.position;
    this.#goTo(branch, t_us === undefined ? branch.left : t_us);
  }

  /**
   * @param {Branch} branch
   * @param {Position | number} where an exact place, or a time
   */
  #goTo(branch, where) {
    const before = this.log.last;
    const common = this.#branches.enter(branch);
    const target = typeof where === 'number' ? null : where;
    const t_us = typeof where === 'number' ? where : where.t_us;
    const snapshot = this.#snapshots.before(t_us, this.#branches.path(), target) ?? this.#snapshots.first;
    this.#putBack(snapshot, before, common);
    this.#rerunTo(t_us, target);
  }

  /**
   * Looks at two branches at one time, and comes back to where it was.
   * @template T
   * @param {number[]} ids
   * @param {number} t_us
   * @param {(index: number) => T} look in each of them
   * @returns {T[]}
   */
  visit(ids, t_us, look) {
    const here = this.#branches.current;
    const left = this.#branches.all.map((branch) => /** @type {[Branch, Position]} */ ([branch, branch === here ? this.position : branch.left]));
    try {
      return ids.map((id, index) => {
        this.switchTo(id, t_us);
        return look(index);
      });
    } finally {
      for (const [branch, position] of left) branch.left = position;
      this.#goTo(here, here.left);
    }
  }

  /**
   * Compares the lab with the memory of another future of it.
   * @param {Uint8Array} image of the other, which is called a
   * @param {number} listMax
   * @returns {{listed: number, numbers: Float64Array}} see lab_api_compare()
   */
  compareWith(image, listMax) {
    const len = this.#module.put(AREA.blob, image);
    const listed = this.#module.call('lab_api_compare', len, listMax);
    if (listed < 0) throw new LabError('ENOMEM', 'no memory to compare them');
    const at = this.#module.area(AREA.reply, 0);
    return { listed, numbers: new Float64Array(this.#module.bytes.buffer, at) };
  }

  /**
   * Goes to any time of the current branch, back or forth.
   * @param {number} t_us
   */
  seek(t_us) {
    const snapshot = this.#snapshots.before(t_us, this.#branches.path());
    const back = t_us < this.now_us;
    const ahead = snapshot && snapshot.step > this.#step;
    if (snapshot && (back || ahead)) this.#putBack(snapshot, this.log.last, Infinity);
    else if (back) throw new LabError('EINVAL', `the past before ${t_us} is not known`);
    this.#rerunTo(t_us, null);
  }

  /**
   * Runs on to a time, or to an exact place in a run.
   * @param {number} t_us
   * @param {Position | null} target
   */
  #rerunTo(t_us, target) {
    const from = this.position;
    this.runUntil(t_us, target ? target.step - this.#step : Infinity, target?.applied);
    if (target && this.now_us < t_us) this.#run(t_us, 1);
    this.rerun = { steps: this.#step - from.step, events: this.log.last - from.event };
  }

  /**
   * @param {Snapshot} snapshot
   * @param {number} before the last event of what is in memory
   * @param {number} common up to this event memory and log have the same history
   */
  #putBack({ image, step, applied, event }, before, common) {
    this.#memory.putBack(image, this.#base);
    this.log.fillRing(event, before, common);
    this.#base = image;
    this.#step = step;
    this.#applied = applied;
    this.log.show(event);
  }

  /** Names where this lab is: the same text until something is done in it. */
  get place() {
    const { step, t_us, applied, event } = this.position;
    return [this.#branches.current.id, this.actions.length, applied, step, event, t_us].join(' ');
  }

  /**
   * Runs a piece, and tells all that came of it, for arrive().
   * @param {number} t_us
   * @param {number} stepsMax
   * @returns {Stretch}
   */
  stretch(t_us, stepsMax) {
    const { applied, event } = this.position;
    const base = this.#memory.copy(this.#base);
    const isThere = this.runUntil(t_us, stepsMax) < stepsMax;
    this.#base = this.#memory.copy(base);
    const { position } = this;
    const steps = this.actions.slice(applied, position.applied).map(({ step }) => /** @type {number} */ (step));
    return { position, isThere, steps, records: this.log.recordsAfter(event), changes: changesOf(this.#base, base) };
  }

  /**
   * Takes over a piece that another lab ran from here on, as if it had been run here.
   * @param {Stretch} stretch
   */
  arrive({ position, steps, records, changes }) {
    const { applied, event } = this.position;
    this.#base = this.#memory.copy(this.#base);
    const image = withChanges(this.#base, changes);
    this.log.add(event, records);
    steps.forEach((step, index) => (this.actions[applied + index].step = step));
    this.#putBack({ ...position, branch: this.#branches.current.id, image }, event, Infinity);
    this.#reached();
  }

  /**
   * Puts back a whole image taken earlier, with its log: another run, of which only the beginning is known.
   * @param {Uint8Array} image
   * @param {Position} position
   * @param {Action[]} actions
   */
  restore(image, position, actions) {
    const len = this.#module.put(AREA.blob, image);
    const status = this.#module.call('lab_api_restore', len);
    if (status < 0) throw new LabError('EINVAL', 'snapshot: this is not an image of this lab');
    this.#base = null;
    this.#snapshots.clear();
    this.log.reset(this.#snapshots.first.event);
    const { step, t_us, applied, event } = this.#snapshots.first;
    this.#branches = this.#newBranches({ step, t_us, applied, event }, actions);
    this.#step = position.step;
    this.#applied = position.applied;
    this.#reached();
  }
}

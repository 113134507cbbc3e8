/**
 * One run of a lab and the way through it. A run is (scenario, seed, actions): this keeps the log of actions, runs the
 * lab forwards with it, and goes to any other time by putting a snapshot back and running on from there.
 *
 * An action is logged with how many things the lab had done before it, not only with its time: several things can
 * happen at one time, and a person who steps may act between two of them. So a replay is exact.
 */
import { LabError } from './error.js';
import { EventLog } from './events.js';
import { AREA } from './module.js';
import { Snapshots, writeImage } from './snapshots.js';

/** @typedef {import('./snapshots.js').Position} Position */
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

/** After so many things the trace is read, long before its ring comes round. */
const STEPS_AT_ONCE = 256;

/** Commands that only look: they change nothing, so they are not actions. */
const READ_ONLY = new Set(['describe']);

export class Timeline {
  #module;
  #snapshots = new Snapshots();
  #step = 0;
  #applied = 0;
  /** @type {Action[]} */
  #actions;

  /**
   * @param {LabModule} module with a lab just created in it
   * @param {Layout} layout
   * @param {Action[]} actions to be done when their time comes
   */
  constructor(module, layout, actions) {
    this.#module = module;
    this.#actions = actions;
    this.log = new EventLog(module, layout);
    this.log.pull();
    this.#keep();
  }

  /** Done and to come, by time. */
  get actions() {
    return this.#actions;
  }

  get now_us() {
    return this.#module.call('lab_api_now');
  }

  /** @returns {Position} */
  get position() {
    return { step: this.#step, t_us: this.now_us, applied: this.#applied, event: this.log.last };
  }

  get snapshotCount() {
    return this.#snapshots.count;
  }

  /** The lab's memory in use. Borrowed: valid until the next call. */
  get image() {
    const at = this.#module.call('lab_api_image') >>> 0;
    return this.#module.bytes.subarray(at, at + (this.#module.call('lab_api_image_len') >>> 0));
  }

  #keep() {
    if (this.#snapshots.wants(this.position)) this.#snapshots.add(this.position, this.image);
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
      if (this.#snapshots.wants(this.position)) this.#keep();
      if (count < slice) return done;
    }
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
   * @returns {number} things done
   */
  runUntil(t_us, stepsMax) {
    let done = 0;
    for (let action; (action = this.#actions[this.#applied]) && action.at_us <= t_us; ) {
      done += this.#runToAction(action, stepsMax - done);
      const reached = action.step === undefined ? done < stepsMax : this.#step >= action.step;
      if (!reached) return done;
      this.#applied++;
      this.#send(action.command, action.blob);
    }
    return done + this.#run(t_us, stepsMax - done);
  }

  /**
   * @param {Record<string, any>} command
   * @param {Uint8Array} [blob]
   * @returns {any} the reply
   */
  #send(command, blob) {
    const reply = this.#module.command(command, blob);
    this.log.pull();
    return reply;
  }

  /**
   * Does a command now and logs it. Actions that were to come later are dropped: this is another future.
   * @param {Record<string, any>} command
   * @param {Uint8Array} [blob]
   * @returns {any} the reply, `ok` or not
   */
  command(command, blob) {
    if (READ_ONLY.has(command.do)) return this.#send(command);
    const { step, t_us: at_us, event } = this.position;
    this.log.forget();
    const position = this.position;
    const reply = this.#send(command, blob);
    // One that failed may have left its trace, too: then it is part of the run. Else nothing has happened.
    if (reply.ok || this.log.last !== event) {
      this.#dropAfter(position);
      this.#actions.push({ at_us, step, command, ...(blob && { blob }) });
      this.#applied++;
    }
    return reply;
  }

  /** @param {Position} position */
  #dropAfter(position) {
    this.#snapshots.dropAfter(position);
    return this.#actions.splice(position.applied);
  }

  /** Drops the actions to come, and what is known of their future. Returns them. */
  branch() {
    this.log.forget();
    return this.#dropAfter(this.position);
  }

  /**
   * Goes to any time, back or forth.
   * @param {number} t_us
   */
  seek(t_us) {
    const snapshot = this.#snapshots.before(t_us);
    const back = t_us < this.now_us;
    const ahead = snapshot && snapshot.step > this.#step && this.log.knows(snapshot.event);
    if (snapshot && (back || ahead)) {
      const at = this.#module.area(AREA.blob, snapshot.len);
      writeImage(snapshot, this.#module.bytes.subarray(at, at + snapshot.len));
      this.#restored(snapshot.len, snapshot);
    } else if (back) throw new LabError('EINVAL', `the past before ${t_us} is not known`);
    this.runUntil(t_us, Infinity);
  }

  /**
   * Puts the image in the blob area back.
   * @param {number} len
   * @param {Position} position where it was taken
   */
  #restored(len, { step, applied, event }) {
    const status = this.#module.call('lab_api_restore', len);
    if (status < 0) throw new LabError('EINVAL', 'this is not an image of this lab');
    this.#step = step;
    this.#applied = applied;
    this.log.show(event);
  }

  /**
   * Puts back an image taken earlier, with its log: another run, of which only the beginning is known.
   * @param {Uint8Array} image
   * @param {Position} position
   * @param {Action[]} actions
   */
  restore(image, position, actions) {
    this.#module.put(AREA.blob, image);
    this.#restored(image.length, position);
    this.#actions = actions;
    this.#snapshots.dropAfter({ step: 0, t_us: 0, applied: 0, event: 0 }); // all runs begin alike
    this.log.reset();
    this.#keep();
  }
}

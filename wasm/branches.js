/**
 * The futures of a lab. A branch begins where somebody acted differently, and has its own actions and events from there
 * on; what came before belongs to its parent. The one that is current has its events in the log; of the others, what
 * is not shared with it lies aside.
 *
 *   0 ---a---b---+---c---d--->      branch 0
 *                +---e--->          branch 1: parent 0, its fork behind b
 *                    +---f--->      branch 2: parent 1
 */
import { LabError } from './error.js';
import { joinTails } from './events.js';
import { isUpTo } from './snapshots.js';

/** @typedef {import('./snapshots.js').Position} Position */
/** @typedef {import('./snapshots.js').Stretch} Stretch */
/** @typedef {import('./timeline.js').Action} Action */
/** @typedef {import('./events.js').EventLog} EventLog */

/**
 * @typedef {object} Branch
 * @property {number} id from 0, the first; never given again
 * @property {Branch | null} parent
 * @property {Position} fork where it left its parent
 * @property {Action[]} actions all from the beginning, those of its parents among them
 * @property {Position} tip how far it has been run
 * @property {Position} left where it was when another one became current
 * @property {import('./events.js').Tail | null} aside its events that are not in the log now
 */

/** When there are more, a future that nobody has looked at for the longest is forgotten. */
const BRANCHES_MAX = 64;

export class Branches {
  #log;
  /** @type {Branch[]} those used last come last */
  #list = [];
  #last_id = 0;
  /** @type {(branch: Branch, heir: Branch | null) => void} */
  #forgotten;

  /**
   * @param {EventLog} log
   * @param {Position} start
   * @param {Action[]} actions
   * @param {(branch: Branch, heir: Branch | null) => void} forgotten is told which are gone, and whose the way to its fork is now
   */
  constructor(log, start, actions, forgotten) {
    this.#log = log;
    this.#forgotten = forgotten;
    this.current = this.#add(null, start, actions);
  }

  /** @returns {Branch[]} by id */
  get all() {
    return this.#list.slice().sort((a, b) => a.id - b.id);
  }

  /** @param {number} id */
  find(id) {
    const branch = this.#list.find((each) => each.id === id);
    if (!branch) throw new LabError('ENOENT', `there is no branch ${JSON.stringify(id)}`);
    return branch;
  }

  /**
   * @param {Branch | null} parent
   * @param {Position} fork
   * @param {Action[]} actions
   */
  #add(parent, fork, actions) {
    /** @type {Branch} */
    const branch = { id: this.#last_id++, parent, fork, actions, tip: fork, left: fork, aside: null };
    this.#list.push(branch);
    return branch;
  }

  /**
   * The way to a branch, its own stretch last.
   * @param {Branch} [branch]
   * @returns {Stretch[]}
   */
  path(branch = this.current) {
    /** @type {Stretch[]} */
    const stretches = [];
    let end = null;
    for (let each = /** @type {Branch | null} */ (branch); each; each = each.parent) {
      stretches.unshift({ branch: each.id, end });
      end = each.fork;
    }
    return stretches;
  }

  /**
   * A new one begins here and is current. One in which nothing was done yet serves again.
   * @param {Position} here
   */
  fork(here) {
    const { current } = this;
    const isEmpty = isUpTo(current.tip, here) && current.actions.length === here.applied;
    if (current.parent && isEmpty && isUpTo(here, current.fork)) return current;
    const { actions } = current;
    current.left = here;
    this.current = this.#owner(here);
    this.current.aside = this.#setAside(this.current, here.event);
    this.current = this.#add(this.current, here, actions.slice(0, here.applied));
    this.#forgetOldest();
    return this.current;
  }

  /**
   * Whose stretch a place lies in: one before the current branch's fork is its parent's, which then is the current one.
   * @param {Position} here
   */
  #owner(here) {
    let branch = this.current;
    while (branch.parent && !isUpTo(branch.fork, here)) {
      branch.aside = this.#setAside(branch, branch.fork.event);
      branch = branch.parent;
    }
    return branch;
  }

  #forgetOldest() {
    if (this.#list.length <= BRANCHES_MAX) return;
    const parents = new Set(this.#list.map(({ parent }) => parent));
    const isInner = (/** @type {Branch} */ branch) => branch.parent !== null && branch !== this.current;
    const leaf = this.#list.find((branch) => isInner(branch) && !parents.has(branch));
    const oldest = leaf ?? /** @type {Branch} */ (this.#list.find(isInner));
    const heir = this.#list.find(({ parent }) => parent === oldest) ?? null; // without leaves there is one line only
    this.#list = this.#list.filter((branch) => branch !== oldest);
    this.#forgotten(oldest, heir);
    if (heir) Object.assign(heir, { parent: oldest.parent, fork: oldest.fork });
  }

  /** @param {Branch} branch @returns {Branch[]} from the root down to it */
  #lineage(branch) {
    return branch.parent ? [...this.#lineage(branch.parent), branch] : [branch];
  }

  /**
   * Makes a branch current: its events come into the log, those of others go aside.
   * @param {Branch} branch
   * @returns {number} up to this event both have the same
   */
  enter(branch) {
    const to = this.#lineage(branch);
    const from = this.#lineage(this.current);
    const shared = to.filter((each, index) => each === from[index]).length;
    let common = this.#log.known;
    for (const each of from.slice(shared).reverse()) {
      each.aside = this.#setAside(each, each.fork.event);
      common = Math.min(common, each.fork.event);
    }
    for (let index = shared - 1; index < to.length; index++) {
      const each = to[index];
      const end = to[index + 1]?.fork.event ?? Infinity;
      if (this.#log.known > end) {
        each.aside = this.#setAside(each, end);
        common = Math.min(common, end);
      } else if (each.aside) each.aside = this.#log.paste(each.aside, end);
    }
    this.current = branch;
    this.#list = [...this.#list.filter((each) => each !== branch), branch];
    return common;
  }

  /**
   * Takes a branch's events after one out of the log, and what of them lay aside already.
   * @param {Branch} branch
   * @param {number} last
   */
  #setAside(branch, last) {
    return joinTails(this.#log.cut(last), branch.aside);
  }

  /** What lies aside, in bytes. */
  get bytes() {
    return this.#list.reduce((sum, { aside }) => sum + (aside?.bytes.length ?? 0), 0);
  }
}

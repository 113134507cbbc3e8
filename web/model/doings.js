/**
 * What people did, as the page must remember it beside the run: what was sent whole, for comparing it with what arrives, and
 * how a link was set at each moment. It is read from the log of actions as their events come, so it is the same whether a
 * control did it, the terminal, or a run that is taken up again.
 *
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('../../wasm/engine.js').Action} Action
 * @typedef {{name: string, bytes: Uint8Array, way: 'tcp' | 'udp', from: number, id: number, connection: string}} Sent something that was sent whole; connection: the receiver's key
 * @typedef {{delay_ms: number, jitter_ms: number, rate_bit_per_s: number, queue_frames: number, loss: number, duplicate: number, reorder: number, corrupt: number, corrupt_inside: number, up: boolean}} WaySettings one direction of a link
 * @typedef {{a_to_b: WaySettings, b_to_a: WaySettings}} LinkSettings
 * @typedef {{id: number, link: number, settings: LinkSettings}} Mark
 */
import { connectionKey } from './record.js';

const WAY_NAMES = ['delay_ms', 'jitter_ms', 'rate_bit_per_s', 'queue_frames', 'loss', 'duplicate', 'reorder', 'corrupt', 'corrupt_inside', 'up'];

/** What a description, or a command, says of one direction. @param {Record<string, any> | undefined} told */
const pick = (told) => Object.fromEntries(WAY_NAMES.filter((name) => told?.[name] !== undefined).map((name) => [name, told?.[name]]));

/**
 * How a link is set after something was said of it: what holds for both directions, and for each.
 * @param {Record<string, any>} before @param {Record<string, any>} told a description, or a command
 * @returns {LinkSettings}
 */
function settingsAfter(before, told) {
  const way = (/** @type {'a_to_b' | 'b_to_a'} */ name) => /** @type {WaySettings} */ ({ ...before[name], ...pick(told), ...pick(told[name]) });
  return { a_to_b: way('a_to_b'), b_to_a: way('b_to_a') };
}

/** @param {string} address "10.0.0.1" */
const numberOf = (address) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** The bytes that a command sends, when it says which. @param {Action} action @returns {Uint8Array | null} */
function bytesOf({ command, blob }) {
  if (blob) return blob;
  if (typeof command.text === 'string') return new TextEncoder().encode(command.text);
  return typeof command.base64 === 'string' ? Uint8Array.from(atob(command.base64), (c) => c.charCodeAt(0)) : null;
}

export class Doings {
  /**
   * @param {{readonly actions: Action[], readonly scenario: Record<string, any>}} lab
   * @param {{address: string}[]} nodes
   * @param {Record<string, any>[]} links as described at the beginning
   */
  constructor(lab, nodes, links) {
    this.lab = lab;
    this.addresses = nodes.map(({ address }) => numberOf(address));
    /** Events of actions in the log, in its order. @type {number[]} */
    this.done = [];
    /** @type {Sent[]} */
    this.sent = [];
    /** @type {Mark[]} */
    this.marks = links.map((told, link) => ({ id: 0, link, settings: settingsAfter({}, told) }));
    /** The last connection of each socket, and of each remote port. @type {Map<string, LabEvent>} */
    this.owners = new Map();
    /** The file that is being sent. */
    this.file_name = '';
    /** Of a run that is taken up again: names of what will be sent, in its order. @type {string[]} */
    this.names = [];
  }

  /** @param {LabEvent} event */
  add(event) {
    const { kind, node, socket, remote_port } = event;
    if (kind === 'tcp_state' && remote_port) {
      this.owners.set(`port ${node} ${remote_port}`, event);
      if (socket) this.owners.set(`${node} ${socket}`, event);
    } else if (kind === 'socket_call' && event.call === 'ACCEPT' && event.result > 0) {
      const owner = this.owners.get(`port ${node} ${event.port}`);
      if (owner) this.owners.set(`${node} ${event.result}`, owner);
    } else if (kind === 'action') this.#act(event);
  }

  /** Actions of the scenario itself are not in the log of what people did: `planned` tells which of them it is. @param {LabEvent} event */
  #act(event) {
    const { id, planned, target } = event;
    if (planned) {
      if (event.action === 'link') this.#set(id, target, this.lab.scenario.actions[planned - 1]);
      return;
    }
    const action = this.lab.actions[this.done.length];
    if (!action || action.at_us !== event.t_us || action.command.do !== event.action) return;
    this.done.push(id);
    if (event.action === 'send' || event.action === 'sendto') this.#send(event, action);
    if (event.action === 'link') this.#set(id, target, action.command);
  }

  /** @param {LabEvent} event @param {Action} action */
  #send({ id, node, socket, action: call }, action) {
    const bytes = bytesOf(action);
    const owner = this.owners.get(`${node} ${socket}`);
    if (!bytes || (call === 'send' && !owner)) return;
    const name = this.file_name || (this.names[this.sent.length] ?? '');
    if (call === 'sendto' || !owner) {
      this.sent.push({ name, bytes, way: 'udp', from: node, id, connection: '' });
      return;
    }
    const { local_port, remote_port, remote_addr } = owner;
    const peer = this.addresses.indexOf(remote_addr);
    const connection = connectionKey(peer, remote_port, local_port, this.addresses[node]);
    this.sent.push({ name, bytes, way: 'tcp', from: node, id, connection });
  }

  /** @param {number} id @param {number} link @param {Record<string, any>} command */
  #set(id, link, command) {
    const before = this.settingsAt(id, link);
    if (before) this.marks.push({ id, link, settings: settingsAfter(before, command) });
  }

  /** Forgets what was done after the last of these events. @param {LabEvent[]} log */
  forget(log) {
    this.done = this.done.filter((id) => id <= log.length);
    this.sent = this.sent.filter(({ id }) => id <= log.length);
    this.names = [];
    this.marks = this.marks.filter(({ id }) => id <= log.length);
  }

  /** How a link was set. @param {number} id the last event that has been seen @param {number} link @returns {LinkSettings | undefined} */
  settingsAt(id, link) {
    return this.marks.findLast((mark) => mark.link === link && mark.id <= id)?.settings;
  }
}

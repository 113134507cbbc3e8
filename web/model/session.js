/**
 * One lab and the person in front of it: the controls' commands become calls of the engine, at the cursor's time.
 * Nothing here draws, and nothing here knows what TCP will do with a command.
 *
 * @typedef {import('../../wasm/engine.js').Lab} Lab
 * @typedef {import('./types.js').LabEvent} LabEvent
 * @typedef {import('./types.js').Connection} Connection
 */
import { LabError } from '../../wasm/error.js';
import { Inflows, payloadOf } from './delivered.js';
import { Doings } from './doings.js';
import { Handshake } from './prediction.js';
import { shownConnection } from './select.js';
import { Branches } from './branches.js';
import { Timeline } from './timeline.js';
import { Topology } from './topology.js';
import { TCP_PORT, UDP_PORT } from './scenario.js';

/** Bytes in each datagram when a file goes by UDP: it fits in one frame. */
export const DATAGRAM_BYTES = 1000;

/** @typedef {import('./doings.js').LinkSettings} LinkSettings */

export class Session {
  /** @param {Lab} lab */
  constructor(lab) {
    this.lab = lab;
    const described = lab.describe();
    const { nodes, links } = described;
    this.topology = Topology.of(described);
    /** @type {import('./types.js').NodeInfo[]} */
    this.nodes = nodes.map((/** @type {any} */ node) => ({
      name: node.name,
      address: String(node.interfaces[0]?.address ?? '').split('/')[0],
      mac: node.interfaces[0]?.mac ?? '',
    }));
    /** Whom each link joins. @type {string[][]} */
    this.joined = links.map((/** @type {any} */ { between = [] }) => between.map((/** @type {string} */ end) => end.split(':')[0]));
    this.doings = new Doings(lab, this.nodes, links);
    this.inflows = new Inflows(lab);
    this.handshake = new Handshake();
    this.timeline = new Timeline(/** @type {any} */ (lab), this.nodes.length, [this.inflows, this.doings, this.handshake]);
    /** What was taken back, the last one last. @type {{branch: number, t_us: number, event: number, deed: string}[]} */
    this.undone = [];
    this.branches = new Branches(lab, this.timeline);
    this.timeline.seek(0);
    /** What programs did before anybody looked. */
    this.opening_id = this.timeline.cursor.id;
  }

  /** What narrate.js asks for. @type {import('./narrate.js').Words} */
  get words() {
    return this.wordsOf(this.timeline.record);
  }

  /** The same for another run of the lab. @param {import('./record.js').RunRecord} record @returns {import('./narrate.js').Words} */
  wordsOf(record) {
    return {
      nodeName: (node) => this.nodes[node]?.name ?? '',
      link: (link) => ({ link: this.topology.links[link]?.name ?? '', links: this.topology.links.length }),
      beyond: (node, port) => this.topology.beyond(node, port),
      ends: (link, direction) => ({ from: this.#end(link, direction), to: this.#end(link, 1 - direction) }),
      frame: (frame) => record.by_frame.get(frame),
    };
  }

  /** Who is at an end of a link. @param {number} link @param {number} end */
  #end(link, end) {
    return this.joined[link]?.[end] ?? this.nodes[end].name;
  }

  /** @param {number} node */
  host(node) {
    return this.lab.host(this.nodes[node].name);
  }

  /** What would be taken back next: "connect"; '' nothing was done. */
  get last_deed() {
    return this.lab.actions.at(-1)?.command.do ?? '';
  }

  /** Takes back what was done last: time is where it was done. */
  undo() {
    this.timeline.leap(() => {
      const { from, to } = this.lab.undo(deedActions(this.lab.actions));
      this.undone.push({ branch: from.id, t_us: to.fork.t_us, event: to.fork.event, deed: from.actions.at(-1)?.command.do });
      return to.fork.event;
    });
    this.branches.moved();
  }

  /** Brings what was taken back, while nothing else was done. */
  redo() {
    const last = this.undone.pop();
    if (!last) throw new LabError('ENOENT', 'nothing was taken back');
    this.timeline.leap(() => {
      this.lab.switchTo(last.branch, { t_us: last.t_us });
      return last.event;
    });
    this.branches.moved();
  }

  /** Goes to another run of this lab. @param {number} id */
  switchTo(id) {
    this.undone = [];
    this.branches.switchTo(id);
  }

  /** Does something now. @template T @param {() => T} action */
  act(action) {
    this.undone = [];
    try {
      return this.timeline.act(action);
    } finally {
      this.branches.did();
    }
  }

  /** Things that were sent whole, also after the cursor. */
  get sent() {
    return this.doings.sent;
  }

  /** Whom a machine talks to unless it is told: the server, and the server to the client. @param {number} node */
  peer(node) {
    return this.nodes[node === 1 ? 0 : 1];
  }

  /** socket() and connect(): a new connection each time. @param {number} node @param {number} [port] */
  connect(node, port = TCP_PORT) {
    return this.act(() => {
      const socket = this.host(node).socket('tcp');
      socket.connect(`${this.peer(node).address}:${port}`);
      return socket.handle;
    });
  }

  /** The handle with which a host's program can use its latest connection. @param {number} node @returns {number} 0: it has none */
  handle(node) {
    return this.#handleOf(shownConnection(this.timeline.state, node));
  }

  /** @param {Connection | undefined} connection */
  #handleOf(connection) {
    if (!connection) return 0;
    const { sockets } = this.host(connection.node).describe();
    const isIt = (/** @type {any} */ socket) =>
      portOf(socket.local) === connection.local_port && portOf(socket.remote) === connection.remote_port;
    return sockets.find(isIt)?.socket ?? 0;
  }

  /** @param {number} node @param {string | Uint8Array} data @param {string} [name] of a file */
  send(node, data, name = '') {
    this.#giveFile(name, () => this.act(() => this.#socket(node).send(data)));
  }

  /** @param {string} name of what is sent meanwhile @param {() => void} action */
  #giveFile(name, action) {
    this.doings.file_name = name;
    try {
      action();
    } finally {
      this.doings.file_name = '';
    }
  }

  /** @param {number} node */
  close(node) {
    return this.act(() => this.#socket(node).close());
  }

  /** Ends sending, and goes on receiving. @param {number} node */
  shutdown(node) {
    return this.act(() => this.#socket(node).shutdown());
  }

  /** Reads what has come, as a program does that has no other to do it. @param {number} node */
  recv(node) {
    return this.act(() => this.#socket(node).recv());
  }

  /** @param {number} node */
  abort(node) {
    return this.act(() => this.#socket(node).abort());
  }

  /** The shown connection's socket. @param {number} node */
  #socket(node) {
    const handle = this.handle(node);
    if (handle === 0) throw new LabError('EBADF', 'the program has no open socket for this connection');
    return this.host(node).socketOf(handle);
  }

  /** socket(), sendto(), close(). @param {number} node @param {string | Uint8Array} data @param {string} [name] */
  datagram(node, data, name = '') {
    const to = `${this.peer(node).address}:${UDP_PORT}`;
    const chunk = data.length > DATAGRAM_BYTES ? DATAGRAM_BYTES : undefined;
    this.#giveFile(name, () => this.act(() => this.host(node).socket('udp').sendTo(to, data, chunk)));
  }

  /** @param {number} node */
  ping(node) {
    return this.act(() => this.host(node).ping(this.peer(node).address, 1));
  }

  /**
   * Changes a link from now on.
   * @param {Record<string, any>} settings those that change @param {import('./faults.js').Way} [way] only this one @param {number} [link]
   */
  setLink(settings, way = '', link = 0) {
    this.act(() => {
      this.lab.links[link].set(way ? { [way]: settings } : settings);
    });
  }

  /** How a link is set at the cursor. @param {number} [link] */
  settings(link = 0) {
    return /** @type {LinkSettings} */ (this.doings.settingsAt(this.timeline.cursor.id, link));
  }

  /** @param {number} frame */
  drop(frame) {
    this.act(() => this.lab.command({ do: 'drop', frame }));
  }

  /** The next frame of a sort that goes that way is lost. @param {number} direction 0: from a link's first end @param {string} match @param {number} [link] */
  dropNext(direction, match, link = 0) {
    this.act(() => this.lab.command({ do: 'drop_next', link: this.lab.links[link].name, direction, match, count: 1 }));
  }

  /** What happens to exactly which frames of a link, counted from now; with nothing wished, all is forgotten. @param {Record<string, any>} wish @param {number} [link] */
  wish(wish, link = 0) {
    this.act(() => this.lab.links[link].exactly(wish));
  }

  /** Which rules a host breaks from now on. @param {number} node @param {string[]} faults */
  setFaults(node, faults) {
    this.act(() => this.host(node).setFaults(faults));
  }

  /** A segment made by hand. @param {number} node @param {Record<string, any>} fields @returns {number} its frame */
  forge(node, fields) {
    return this.act(() => this.host(node).forge(fields));
  }

  /** @param {number} frame @param {number} by_ms */
  delay(frame, by_ms) {
    this.act(() => this.lab.command({ do: 'delay', frame, by_ms }));
  }

  /** @param {number} frame */
  duplicate(frame) {
    this.act(() => this.lab.command({ do: 'duplicate', frame }));
  }

  /** Flips a bit of its last header or first byte of data. @param {number} frame @param {boolean} inside */
  corrupt(frame, inside = false) {
    const len = this.lab.frame(frame)?.bytes.length ?? 60;
    this.act(() => this.lab.command({ do: 'corrupt', frame, offset: Math.min(len - 5, 54), bit: 3, inside }));
  }

  /**
   * The bytes that a host's programs have read until the cursor, on its shown connection.
   * @param {number} node
   */
  received(node) {
    const { state, cursor, record } = this.timeline;
    const connection = shownConnection(state, node);
    const inflow = connection && this.inflows.at(connection.key, cursor.id);
    if (!connection || !inflow) return new Uint8Array(0);
    return inflow.upTo(record.readUntil(connection.node, connection.socket, cursor.id));
  }

  /** What has arrived on a connection until the cursor and after, in its place in the stream. @param {string} key the receiver's */
  arrived(key) {
    return this.inflows.at(key)?.upTo() ?? new Uint8Array(0);
  }

  /** What a program has given to send on a connection until the cursor. @param {number} node @param {string} peer the receiver's key */
  given(node, peer) {
    const { cursor } = this.timeline;
    const own = this.sent.filter(
      (each) => each.way === 'tcp' && each.from === node && each.connection === peer && each.id <= cursor.id,
    );
    if (own.length === 1) return own[0].bytes;
    const all = new Uint8Array(own.reduce((sum, each) => sum + each.bytes.length, 0));
    let at = 0;
    for (const { bytes } of own) {
      all.set(bytes, at);
      at += bytes.length;
    }
    return all;
  }

  /** A datagram's payload. @param {number} frame */
  datagramBytes(frame) {
    return payloadOf(/** @type {any} */ (this.lab), frame);
  }
}

/** How many actions of the log a person did at once: a socket that is made for a call belongs to it. @param {import('../../wasm/engine.js').Action[]} actions */
function deedActions(actions) {
  const [before, last] = actions.slice(-2);
  const isMade = before?.command.do === 'socket' && before.command.node === last?.command.node && before.step === last.step;
  return isMade && ['connect', 'sendto'].includes(last.command.do) ? 2 : 1;
}

/** @param {any} endpoint "10.0.0.1:80" */
const portOf = (endpoint) =>
  Number(
    String(endpoint ?? '')
      .split(':')
      .at(-1),
  );

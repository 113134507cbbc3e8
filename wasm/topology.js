/**
 * Hosts, links and sockets as objects: names for what commands do. They hold no state of the lab but numbers, so they
 * stay good when time goes back (a socket that is not open at that time answers EBADF).
 */
import { LabError } from './error.js';

/** @typedef {import('./engine.js').Lab} Lab */

/** @typedef {'tcp' | 'udp' | 'ping'} SocketType */

/** Text up to this length stands in the action log as it is; more goes by way of the blob area. */
const TEXT_IN_COMMAND_MAX = 1024;

/** @param {string} base64 */
function bytesOfBase64(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * What a command says of data to send, and the blob that goes with it.
 * @param {string | Uint8Array} data
 * @returns {{payload: {text?: string, blob?: true}, blob?: Uint8Array}}
 */
function payloadOf(data) {
  if (typeof data === 'string') {
    // A NUL cannot pass through the C side's JSON reader.
    if (data.length <= TEXT_IN_COMMAND_MAX && !data.includes('\0')) return { payload: { text: data } };
    return { payload: { blob: true }, blob: new TextEncoder().encode(data) };
  }
  if (data instanceof Uint8Array) return { payload: { blob: true }, blob: data.slice() };
  throw new LabError('EINVAL', 'data: expected a string or a Uint8Array');
}

export class Socket {
  #lab;
  #node;

  /**
   * @param {Lab} lab
   * @param {string} node its host's name
   * @param {number} handle
   */
  constructor(lab, node, handle) {
    this.#lab = lab;
    this.#node = node;
    this.handle = handle;
  }

  /** Name of its host. */
  get node() {
    return this.#node;
  }

  /**
   * @param {string} what
   * @param {object} [more]
   * @param {Uint8Array} [blob]
   */
  #do(what, more, blob) {
    return this.#lab.command({ do: what, node: this.#node, socket: this.handle, ...more }, blob);
  }

  /** @param {number | string} local a port, or '10.0.0.1:5000' */
  bind(local) {
    return this.#do('bind', typeof local === 'number' ? { port: local } : { address: local });
  }

  /** @param {number} [backlog] connections that may wait to be accepted */
  listen(backlog = 16) {
    return this.#do('listen', { backlog });
  }

  /**
   * The oldest connection that waits, or null when none does.
   * @returns {Socket | null}
   */
  accept() {
    const reply = this.#unlessEmpty('accept');
    return reply && new Socket(this.#lab, this.#node, reply.socket);
  }

  /** @param {string} to '10.0.0.2:80'. TCP: the handshake begins; its end is an event. */
  connect(to) {
    return this.#do('connect', { to });
  }

  /**
   * Sends all of it, as buffer space comes.
   * @param {string | Uint8Array} data
   */
  send(data) {
    const { payload, blob } = payloadOf(data);
    return this.#do('send', payload, blob);
  }

  /**
   * Sends datagrams. UDP and ping.
   * @param {string} to '10.0.0.2:5000'
   * @param {string | Uint8Array} data
   * @param {number} [chunk] bytes in each datagram; without it, one datagram
   */
  sendTo(to, data, chunk) {
    const { payload, blob } = payloadOf(data);
    const len = blob ? blob.length : new TextEncoder().encode(payload.text).length;
    return this.#do('sendto', { to, ...payload, chunk: chunk ?? Math.max(1, len) }, blob);
  }

  /**
   * What has arrived: empty when nothing is there now, null at the end of the stream.
   * @param {number} [max] bytes
   * @returns {Uint8Array | null}
   */
  recv(max = 65536) {
    const reply = this.#unlessEmpty('recv', { max });
    if (!reply) return new Uint8Array(0);
    return reply.end ? null : bytesOfBase64(reply.base64);
  }

  /**
   * The next datagram and who sent it, or null when none waits.
   * @param {number} [max] bytes; what is longer is cut off
   * @returns {{data: Uint8Array, from: string} | null}
   */
  recvFrom(max = 65536) {
    const reply = this.#unlessEmpty('recvfrom', { max });
    return reply && { data: bytesOfBase64(reply.base64), from: reply.from };
  }

  /** @param {'read' | 'write' | 'both'} [how] */
  shutdown(how = 'write') {
    return this.#do('shutdown', { how });
  }

  close() {
    return this.#do('close');
  }

  /** Resets the connection. */
  abort() {
    return this.#do('abort');
  }

  /**
   * @param {string} option 'TCP_NODELAY' ...: Lab.names.socket_option
   * @param {number | string | boolean} value
   */
  set(option, value) {
    return this.#do('setsockopt', { option, value: typeof value === 'boolean' ? Number(value) : value });
  }

  /**
   * Addresses, queues and for TCP what TCP_INFO tells; null when the socket is not open.
   * @returns {Record<string, any> | null}
   */
  info() {
    const { sockets } = this.#lab.describe(this.#node);
    return sockets.find((/** @type {any} */ socket) => socket.socket === this.handle) ?? null;
  }

  /**
   * A command's reply, or null when it would have to wait.
   * @param {string} what
   * @param {object} [more]
   */
  #unlessEmpty(what, more) {
    try {
      return this.#do(what, more);
    } catch (error) {
      if (error instanceof LabError && error.code === 'EAGAIN') return null;
      throw error;
    }
  }
}

export class Host {
  #lab;

  /**
   * @param {Lab} lab
   * @param {string} name
   * @param {number} node its number in events
   */
  constructor(lab, name, node) {
    this.#lab = lab;
    this.name = name;
    this.node = node;
  }

  /**
   * @param {SocketType} [type]
   * @returns {Socket}
   */
  socket(type = 'tcp') {
    const reply = this.#lab.command({ do: 'socket', node: this.name, type });
    return new Socket(this.#lab, this.name, reply.socket);
  }

  /**
   * The socket of that handle, for instance one that an event names.
   * @param {number} handle
   */
  socketOf(handle) {
    return new Socket(this.#lab, this.name, handle);
  }

  /**
   * Interfaces, routes, neighbours, sockets and programs.
   * @param {{detail?: boolean}} [how] detail: connection blocks, queues and counters, too
   */
  describe(how) {
    return this.#lab.describe(this.name, how);
  }

  /**
   * Starts a program.
   * @param {Record<string, any>} app as in a scenario: {app: 'receiver', port: 80}
   * @returns {number} its number on this host
   */
  start(app) {
    return this.#lab.command({ do: 'start', node: this.name, app }).app;
  }

  /**
   * Sends a segment or datagram made by hand: {to: '10.0.0.2:80', from: '10.0.0.1:5000', flags: 'SYN', seq: 1}. On a host
   * with the fault `deaf_tcp` nothing else answers.
   * @param {Record<string, any>} fields as core/lab/SCENARIO.md has them under "forge"
   * @param {string | Uint8Array} [data] payload
   * @returns {number} the frame's number
   */
  forge(fields, data) {
    const { payload, blob } = data === undefined ? { payload: {}, blob: undefined } : payloadOf(data);
    return this.#lab.command({ ...fields, ...payload, do: 'forge', node: this.name }, blob).frame;
  }

  /**
   * Which rules it breaks from now on; it keeps all others.
   * @param {string[]} faults as a scenario's node has them: ['skip_time_wait']
   */
  setFaults(faults) {
    return this.#lab.command({ do: 'faults', node: this.name, faults });
  }

  /** @param {number} app */
  stop(app) {
    return this.#lab.command({ do: 'stop', node: this.name, app });
  }

  /**
   * @param {string} to an address
   * @param {number} [count]
   */
  ping(to, count = 4) {
    return this.#lab.command({ do: 'ping', node: this.name, to, count });
  }
}

export class Link {
  #lab;

  /**
   * @param {Lab} lab
   * @param {string} name
   * @param {number} link its number in events
   */
  constructor(lab, name, link) {
    this.#lab = lab;
    this.name = name;
    this.link = link;
  }

  /**
   * Changes its behaviour from now on.
   * @param {Record<string, any>} settings members of a link in a scenario: {loss: 0.05}
   */
  set(settings) {
    return this.#lab.command({ ...settings, do: 'link', link: this.name });
  }

  /**
   * Loses the next frames of a sort.
   * @param {{direction?: 0 | 1, match?: 'any' | 'syn' | 'syn_ack' | 'ack' | 'data' | 'fin', count?: number}} [what] direction 0: a to b
   */
  dropNext({ direction = 0, match = 'any', count = 1 } = {}) {
    return this.#lab.command({ do: 'drop_next', link: this.name, direction, match, count });
  }

  /**
   * What happens to exactly which frames, counted from now: {drop: {match: 'data', from: 'client', nth: 2}}. Without any
   * wish, all are forgotten.
   * @param {Record<'drop' | 'delay' | 'duplicate' | 'corrupt', Record<string, any>> | {}} [wish]
   */
  exactly(wish = {}) {
    return this.#lab.command({ ...wish, do: 'exactly', link: this.name });
  }

  /**
   * Puts bytes on it as they are, as if a host had sent them.
   * @param {string} from the host at one of its ends
   * @param {Uint8Array} frame
   * @param {{fcs?: 'make' | 'given'}} [how] whether a frame check sequence is put behind, or stands in the bytes
   * @returns {number} the frame's number
   */
  inject(from, frame, { fcs = 'make' } = {}) {
    return this.#lab.command({ do: 'inject', link: this.name, from, fcs, blob: true }, frame).frame;
  }

  /** Its settings and the frames on it. */
  describe() {
    return this.#lab.describe().links[this.link];
  }
}

/**
 * A terminal on the lab: lines that a person types become the same calls that the buttons make, and the stack's
 * tables come back as text. Names and columns are those of the tools that people know (ss, ip, tcpdump), so they are
 * in English in every language; help and complaints are messages.
 *
 * @typedef {import('./app.js').App} App
 * @typedef {{kind: 'in' | 'out' | 'error', text?: string, message?: import('./types.js').Message}} Line
 * @typedef {{usage: string, options?: string[], run: (terminal: Terminal, words: string[], rest: string) => unknown}} Command
 */
import { clockText, timeText } from './format.js';
import { whenDescribed } from './glass.js';
import { FLAG } from './segment.js';
import { endpointText, running, socketState } from './tables.js';

/** So many lines are kept. */
const LINES_MAX = 400;
const HISTORY_MAX = 100;
const DUMP_LINES = 20;
const DELAY_MS = 50;

/** A complaint about what was typed. */
class Complaint extends Error {
  /** @param {string} id @param {Record<string, string>} [args] */
  constructor(id, args = {}) {
    super(id);
    this.said = { id, args };
  }
}

/** @param {string | undefined} word @param {number} [least] */
function numberOf(word, least = 0) {
  const number = Number(word);
  if (word === undefined || !Number.isFinite(number) || number < least) throw new Complaint('term-number', { word: word ?? '' });
  return number;
}

/** "20ms", "1.5s", "300us", and bare numbers as milliseconds. @param {string | undefined} word @returns {number} microseconds */
function timeOf(word) {
  const match = /^([\d.]+)(us|ms|s)?$/.exec(word ?? '');
  if (!match) throw new Complaint('term-time', { word: word ?? '' });
  return numberOf(match[1]) * ({ us: 1, ms: 1000, s: 1e6 }[match[2] ?? 'ms'] ?? 1000);
}

/** As tcpdump writes flags. @param {number} flags */
const dumpFlags = (flags) =>
  (flags & FLAG.SYN ? 'S' : '') +
    (flags & FLAG.FIN ? 'F' : '') +
    (flags & FLAG.RST ? 'R' : '') +
    (flags & FLAG.PSH ? 'P' : '') +
    (flags & FLAG.ACK ? '.' : '') || 'none';

/** The fields that say from whom to whom, by protocol. @type {Record<string, [string, string]>} */
const ENDS = { ipv4: ['src', 'dst'], arp: ['sender_ip', 'target_ip'] };

/** From whom to whom a frame goes: the addresses in it, or who is at its link when its bytes are not kept any more. @param {App} app @param {import('./types.js').FrameRecord} frame */
function endsOf({ session }, frame) {
  const fields = session.lab.dissect(frame.frame)?.fields ?? [];
  const first = fields.find(({ protocol, name }) => name === ENDS[protocol]?.[0]);
  const of = (/** @type {0 | 1} */ i) => fields.find(({ protocol, name }) => protocol === first?.protocol && name === ENDS[protocol][i])?.text;
  return session.topology.way(frame).map((node, i) => of(/** @type {0 | 1} */ (i)) ?? session.nodes[node].name);
}

/** A frame as tcpdump has it; where there are several links, with the one it was seen on. @param {App} app @param {import('./types.js').FrameRecord} frame */
function dumpLine(app, frame) {
  const { links } = app.session.topology;
  const { relative } = app;
  const seconds = ((frame.sent_us ?? frame.born_us) / 1e6).toFixed(6);
  const time = links.length > 1 ? `${seconds} ${links[frame.link].name}` : seconds;
  const [from, to] = endsOf(app, frame);
  const { segment } = frame;
  if (!segment) return `${time} ${frame.protocol.toUpperCase()} ${from} > ${to}: ${frame.detail || `length ${frame.payload_bytes}`}`;
  const { seq, ack } = relative ? segment.relative : segment;
  const len = segment.payload_bytes;
  const range = len > 0 ? `seq ${seq}:${seq + len}` : `seq ${seq}`;
  const acked = segment.flags & FLAG.ACK ? `, ack ${ack}` : '';
  return `${time} IP ${from}.${segment.src_port} > ${to}.${segment.dst_port}: Flags [${dumpFlags(segment.flags)}], ${range}${acked}, win ${segment.window_bytes}, length ${len}`;
}

/** Columns under each other. @param {(string | number)[][]} rows */
export function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map((row) => row.map((cell, i) => String(cell).padEnd(widths[i])).join('  ').trimEnd());
}

/** @type {Record<string, (host: any) => string[]>} by what a described host is asked for */
const IP = {
  addr: (host) =>
    host.interfaces.flatMap((/** @type {any} */ each, /** @type {number} */ i) => [
      `eth${i}: mtu ${each.mtu} state ${each.up ? 'UP' : 'DOWN'}`,
      `    link/ether ${each.mac}`,
      `    inet ${each.address}`,
    ]),
  route: (host) =>
    host.routes.map((/** @type {any} */ route) => `${route.to}${route.via ? ` via ${route.via}` : ''} dev eth${route.interface}`),
  neigh: (host) =>
    host.interfaces.flatMap((/** @type {any} */ each, /** @type {number} */ i) =>
      each.arp.map((/** @type {any} */ entry) => `${entry.address} dev eth${i} ${entry.mac ? `lladdr ${entry.mac} REACHABLE` : 'INCOMPLETE'}`),
    ),
};

/** @type {Record<string, (word: string | undefined) => Record<string, any>>} */
const LINK = {
  delay: (word) => ({ delay_ms: timeOf(word) / 1000 }),
  jitter: (word) => ({ jitter_ms: timeOf(word) / 1000 }),
  rate: (word) => ({ rate_bit_per_s: Math.round(numberOf(word) * 1e6) }),
  queue: (word) => ({ queue_frames: numberOf(word) }),
  loss: (word) => ({ loss: numberOf(word) / 100 }),
  duplicate: (word) => ({ duplicate: numberOf(word) / 100 }),
  reorder: (word) => ({ reorder: numberOf(word) / 100 }),
  corrupt: (word) => ({ corrupt: numberOf(word) / 100 }),
  up: () => ({ up: true }),
  down: () => ({ up: false }),
};

/** Which way a terminal's host means: what it sends onto a link, or what it gets from there. */
const SIDES = ['out', 'in'];

/**
 * The link that is meant, by its name or as the first one of this host, and from which of its ends frames leave this host.
 * @param {Terminal} terminal @param {string | undefined} word
 */
function linkOf({ app, node }, word) {
  const { topology } = app.session;
  const named = topology.links.findIndex(({ name }) => name === word);
  const link = named >= 0 ? named : (topology.linksOf(node)[0] ?? 0);
  return { link, named: named >= 0, out: Math.max(0, topology.links[link]?.ends.indexOf(node) ?? 0) };
}

/** The frame that is meant: by its number, or the one at hand. @param {Terminal} terminal @param {string | undefined} word */
function frameOf({ app }, word) {
  const frame = word === undefined ? app.grabbed?.frame : numberOf(word, 1);
  if (!frame) throw new Complaint('term-no-frame');
  app.selected = frame;
  return frame;
}

const MATCHES = ['any', 'syn', 'syn_ack', 'ack', 'data', 'fin'];

/** @type {Record<string, Command>} */
export const COMMANDS = {
  help: {
    usage: 'help [command]',
    run(terminal, [name]) {
      const names = name ? [name] : Object.keys(COMMANDS);
      for (const each of names) {
        if (!Object.hasOwn(COMMANDS, each)) throw new Complaint('term-unknown', { word: each });
        terminal.say({ id: 'term-help', args: { usage: COMMANDS[each].usage, command: each } });
      }
    },
  },
  connect: {
    usage: 'connect [port]',
    run: ({ app, node }, [port]) => app.session.connect(node, port === undefined ? undefined : numberOf(port, 1)),
  },
  send: {
    usage: 'send text',
    run({ app, node }, _words, rest) {
      if (rest === '') throw new Complaint('term-text');
      app.session.send(node, rest);
    },
  },
  recv: { usage: 'recv', run: ({ app, node }) => app.session.recv(node) },
  close: { usage: 'close', run: ({ app, node }) => app.session.close(node) },
  shutdown: { usage: 'shutdown', run: ({ app, node }) => app.session.shutdown(node) },
  abort: { usage: 'abort', run: ({ app, node }) => app.session.abort(node) },
  sendto: {
    usage: 'sendto text',
    run({ app, node }, _words, rest) {
      if (rest === '') throw new Complaint('term-text');
      app.session.datagram(node, rest);
    },
  },
  ping: { usage: 'ping', run: ({ app, node }) => app.session.ping(node) },
  ss: {
    usage: 'ss',
    async run(terminal) {
      const { sockets } = await terminal.host();
      const rows = sockets.map((/** @type {any} */ socket) => [
        ...[socket.type, socketState(socket), socket.readable_bytes, socket.unsent_bytes],
        ...[endpointText(socket.local), endpointText(socket.remote)],
      ]);
      terminal.print(columns([['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local', 'Peer'], ...rows]));
    },
  },
  timers: {
    usage: 'timers',
    async run(terminal) {
      const { sockets } = await terminal.host();
      const now_us = terminal.app.cursor.t_us;
      const rows = sockets.flatMap((/** @type {any} */ socket) =>
        socket.tcp ? running(socket.tcp.timers).map(([name, due_us]) => [`s${socket.socket}`, name, timeText(due_us - now_us)]) : [],
      );
      terminal.print(rows.length ? columns(rows) : ['-']);
    },
  },
  ip: {
    usage: 'ip addr|route|neigh',
    options: Object.keys(IP),
    async run(terminal, [what = 'addr']) {
      if (!Object.hasOwn(IP, what)) throw new Complaint('term-unknown', { word: what });
      const lines = IP[what](await terminal.host());
      terminal.print(lines.length ? lines : ['-']);
    },
  },
  tcpdump: {
    usage: 'tcpdump [lines]',
    run(terminal, [count]) {
      const { app } = terminal;
      const most = count === undefined ? DUMP_LINES : numberOf(count, 1);
      const frames = app.record.frames
        .filter((frame) => frame.sent_id > 0 && frame.sent_id <= app.cursor.id)
        .sort((a, b) => a.sent_id - b.sent_id)
        .slice(-most);
      terminal.print(frames.map((frame) => dumpLine(app, frame)));
      if (frames.length === 0) terminal.say({ id: 'term-nothing', args: {} });
    },
  },
  drop: {
    usage: 'drop [frame] | drop next any|syn|syn_ack|ack|data|fin',
    options: ['next', ...MATCHES.map((match) => `next ${match}`)],
    run(terminal, [first, match = 'any']) {
      if (first !== 'next') terminal.app.session.drop(frameOf(terminal, first));
      else if (!MATCHES.includes(match)) throw new Complaint('term-unknown', { word: match });
      else {
        const { link, out } = linkOf(terminal, undefined);
        terminal.app.session.dropNext(out, match, link);
      }
    },
  },
  delay: {
    usage: 'delay [time]',
    run: (terminal, [time]) => terminal.app.session.delay(frameOf(terminal, undefined), time ? timeOf(time) / 1000 : DELAY_MS),
  },
  duplicate: { usage: 'duplicate [frame]', run: (terminal, [word]) => terminal.app.session.duplicate(frameOf(terminal, word)) },
  corrupt: { usage: 'corrupt [frame]', run: (terminal, [word]) => terminal.app.session.corrupt(frameOf(terminal, word)) },
  link: {
    usage: 'link [name] [out|in] [delay|jitter|rate|queue|loss|duplicate|reorder|corrupt value | up | down]',
    options: [...Object.keys(LINK), ...SIDES.flatMap((side) => Object.keys(LINK).map((name) => `${side} ${name}`))],
    run(terminal, words) {
      const { session } = terminal.app;
      const { link, named, out } = linkOf(terminal, words[0]);
      const rest = named ? words.slice(1) : words;
      const side = SIDES.indexOf(rest[0] ?? '');
      const [name, value] = side < 0 ? rest : rest.slice(1);
      if (name === undefined) {
        const { a_to_b, b_to_a } = session.settings(link);
        const [there, back] = /** @type {Record<string, any>[]} */ (out === 0 ? [a_to_b, b_to_a] : [b_to_a, a_to_b]);
        terminal.print(columns([[session.topology.links[link].name, ...SIDES], ...Object.keys(there).map((key) => [key, String(there[key]), String(back[key])])]));
        return;
      }
      if (!Object.hasOwn(LINK, name)) throw new Complaint('term-unknown', { word: name });
      session.setLink(LINK[name](value), side < 0 ? '' : out === side ? 'a_to_b' : 'b_to_a', link);
    },
  },
  step: {
    usage: 'step [back|segment|state]',
    options: ['back', 'segment', 'state'],
    run({ app }, [how = 'on']) {
      if (how !== 'on' && how !== 'back' && how !== 'segment' && how !== 'state') throw new Complaint('term-unknown', { word: how });
      app.step(how);
    },
  },
  undo: { usage: 'undo', run: ({ app }) => app.undo() },
  redo: { usage: 'redo', run: ({ app }) => app.redo() },
  play: { usage: 'play', run: ({ app }) => app.play() },
  pause: { usage: 'pause', run: ({ app }) => app.pause() },
  seek: { usage: 'seek time', run: ({ app }, [time]) => app.seek(timeOf(time)) },
  time: { usage: 'time', run: (terminal) => terminal.print([clockText(terminal.app.cursor.t_us)]) },
  host: {
    usage: 'host client|server',
    options: ['client', 'server'],
    run(terminal, [name]) {
      const node = terminal.app.session.nodes.findIndex((each) => each.address && (each.name === name || each.address === name));
      if (node < 0) throw new Complaint('term-unknown', { word: name ?? '' });
      terminal.node = node;
    },
  },
  history: {
    usage: 'history',
    run: (terminal) => terminal.print(terminal.history.map((line, i) => `${String(i + 1).padStart(3)}  ${line}`)),
  },
  clear: { usage: 'clear', run: (terminal) => void (terminal.lines = []) },
};

/** After these a person wants to see what follows. */
const GOES_ON = new Set(['connect', 'send', 'close', 'shutdown', 'abort', 'sendto', 'ping', 'recv']);

export class Terminal {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** Whose terminal it is. */
    this.node = 0;
    /** @type {Line[]} */
    this.lines = [];
    /** @type {string[]} */
    this.history = [];
  }

  get prompt() {
    return `${this.app.session.nodes[this.node].name}$`;
  }

  /** @param {string[]} lines */
  print(lines) {
    for (const text of lines) this.#add({ kind: 'out', text });
  }

  /** @param {import('./types.js').Message} message */
  say(message) {
    this.#add({ kind: 'out', message });
  }

  /** @param {Line} line */
  #add(line) {
    this.lines.push(line);
    if (this.lines.length > LINES_MAX) this.lines.shift();
  }

  /** This host as described at the cursor. @returns {Promise<any>} */
  async host() {
    return (await whenDescribed(this.app)).nodes[this.node];
  }

  /** Does what a line says. @param {string} line */
  async run(line) {
    const typed = line.trim();
    if (typed === '') return;
    this.#add({ kind: 'in', text: `${this.prompt} ${typed}` });
    if (this.history.at(-1) !== typed) this.history.push(typed);
    if (this.history.length > HISTORY_MAX) this.history.shift();
    const [name, ...words] = typed.split(/\s+/);
    try {
      const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null;
      if (!command) throw new Complaint('term-unknown', { word: name });
      await command.run(this, words, typed.slice(name.length).trim());
      if (GOES_ON.has(name)) this.app.play();
    } catch (error) {
      this.#complain(error);
    }
    this.app.changed();
  }

  /** @param {unknown} error */
  #complain(error) {
    if (error instanceof Complaint) {
      this.#add({ kind: 'error', message: error.said });
      return;
    }
    const { code = 'ERROR', message = String(error) } = /** @type {{code?: string, message?: string}} */ (error);
    this.#add({ kind: 'error', text: `${code}: ${message}` });
  }
}

/**
 * What a half-typed line may become.
 * @param {string} typed
 * @returns {string[]}
 */
export function completions(typed) {
  const names = Object.keys(COMMANDS);
  const space = typed.indexOf(' ');
  if (space < 0) return typed === '' ? [] : names.filter((name) => name.startsWith(typed) && name !== typed);
  const name = typed.slice(0, space);
  const rest = typed.slice(space + 1);
  const options = name === 'help' ? names : ((Object.hasOwn(COMMANDS, name) && COMMANDS[name].options) || []);
  return options.filter((option) => option.startsWith(rest) && option !== rest).map((option) => `${name} ${option}`);
}

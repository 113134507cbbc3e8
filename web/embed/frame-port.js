/**
 * What a lab in a frame and the page around it say to each other, version 1; README.md is for those who write the other end.
 * `parent` is used for nothing but postMessage().
 *
 * Anybody may know that a lab is present, ready or in trouble, and how tall it is. What a person does in it is told only to a page that has said
 * "hello", at the origin from which it said so; and only that page's commands are done. A frame may be told in its
 * address (`origin=https://school.example`) to listen to nobody else.
 *
 * @typedef {import('./embedded-lab.js').EmbeddedLab} EmbeddedLab
 * @typedef {{source: unknown, origin: string, data: any}} Incoming
 */
import { VERSION } from './version.js';

const FOR_ALL = ['ready', 'resize', 'error'];
const FOR_HOST = ['step', 'answer', 'complete', 'statement'];

/** Attributes that a host may set by message. */
const SETTINGS = ['lesson', 'scenario', 'run', 'lang', 'theme', 'speed', 'views', 'controls', 'seed', 't', 'reducedmotion'];

/** What each command does. @type {Record<string, (lab: EmbeddedLab, message: any) => void>} */
const COMMANDS = {
  hello: () => {},
  play: (lab) => lab.play(),
  pause: (lab) => lab.pause(),
  seek: (lab, { t }) => {
    if (!Number.isFinite(t) || t < 0) throw new Error('t: expected milliseconds');
    lab.seek(t);
  },
  step: (lab, { how = 'on' }) => {
    if (!['on', 'back', 'segment'].includes(how)) throw new Error('how: expected on, back or segment');
    lab.step(how);
  },
  set: (lab, { type: _type, tcplab: _version, id: _id, ...settings }) => {
    const unknown = Object.keys(settings).find((name) => !SETTINGS.includes(name.toLowerCase()));
    if (unknown) throw new Error(`${unknown}: there is no such setting`);
    for (const [name, value] of Object.entries(settings)) lab.setAttribute(name.toLowerCase(), String(value));
  },
};

export class FramePort {
  /**
   * @param {EmbeddedLab} lab
   * @param {{parent: any, addEventListener: (type: 'message', listener: (event: Incoming) => void) => void}} frame its window
   * @param {string} only the one origin that may speak; '' any, after its hello
   */
  constructor(lab, frame, only = '') {
    this.lab = lab;
    this.frame = frame;
    this.only = only;
    /** Where the host's messages come from, once it has said hello. @type {string | null} */
    this.host = null;
    /** The last of each for those who come late. @type {Map<string, any>} */
    this.last = new Map();
    for (const name of [...FOR_ALL, ...FOR_HOST]) {
      lab.addEventListener(`tcplab-${name}`, (event) => this.tell(name, /** @type {CustomEvent} */ (event).detail));
    }
    frame.addEventListener('message', (event) => this.hear(event));
    if (frame.parent !== frame) this.post({ type: 'present' });
  }

  /** @param {string} name @param {Record<string, any>} detail */
  tell(name, { version: _version, ...detail }) {
    if (name === 'ready' || name === 'resize') this.last.set(name, detail);
    const isForAll = FOR_ALL.includes(name);
    if (this.host === null && !isForAll) return;
    this.post({ type: name, ...detail });
  }

  /** A page without an origin (from a file, or in a sandbox) can be addressed by "*" only. @param {Record<string, any>} message */
  post(message) {
    const known = this.host ?? (this.only || '*');
    this.frame.parent.postMessage({ tcplab: VERSION, ...message }, known === 'null' ? '*' : known);
  }

  /** @param {Incoming} event */
  hear({ source, origin, data }) {
    if (source !== this.frame.parent || this.frame.parent === this.frame) return;
    if (data === null || typeof data !== 'object' || !('tcplab' in data)) return;
    if (this.only && origin !== this.only) return;
    if (data.type !== 'hello' && origin !== this.host) return;
    this.obey(data, origin);
  }

  /** @param {any} message @param {string} origin */
  obey(message, origin) {
    try {
      if (message.tcplab !== VERSION) throw new Error(`tcplab: this lab speaks version ${VERSION}`);
      if (message.type === 'hello') this.host = origin;
      const command = Object.hasOwn(COMMANDS, message.type) ? COMMANDS[message.type] : null;
      if (!command) throw new Error(`type: there is no command "${String(message.type).slice(0, 40)}"`);
      command(this.lab, message);
      if (message.id !== undefined) this.post({ type: 'reply', id: message.id, ok: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.post({ type: 'reply', id: message.id ?? null, ok: false, message: why });
    }
    if (message.type === 'hello' && this.host !== null) for (const [name, detail] of this.last) this.post({ type: name, ...detail });
  }
}

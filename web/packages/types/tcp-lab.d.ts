/** Attributes of <tcp-lab>; all are optional. Names in an address and in messages are the same. */
export interface LabAttributes {
  lesson?: string;
  /** The name of a run to begin with, or a scenario document in JSON. */
  scenario?: string;
  /** What url() of the engine gives: "tcplab:1:...". */
  run?: string;
  lang?: 'ko' | 'en';
  theme?: 'light' | 'dark' | 'auto';
  /** 0.001 to 1: how much of a second passes in a second. */
  speed?: number | string;
  paused?: boolean | 'true' | 'false';
  /** Some of hosts, wire, link, programs, ladder, packet, machine, sequence, graphs, tables, code, events, faults, forge, terminal. */
  views?: string;
  controls?: 'full' | 'player' | 'none';
  seed?: number | string;
  /** In milliseconds. */
  t?: number | string;
  reducedmotion?: boolean | 'true' | 'false';
}

export interface Statement {
  verb: { id: string; display: Record<string, string> };
  object: { objectType: 'Activity'; id: string; definition: { type: string; name?: Record<string, string> } };
  result: Record<string, unknown>;
  context?: { contextActivities: { parent: { id: string }[] } };
}

/** What the events of a lab tell; each has the version of the protocol, too. */
export interface LabEvents {
  'tcplab-ready': { lesson: string; lang: string };
  /** In CSS pixels. */
  'tcplab-resize': { height: number };
  /** t in milliseconds. */
  'tcplab-step': { t: number; playing: boolean; event: { id: number; kind: string } | null; sentence: string };
  /** answer is null for a task that was done. */
  'tcplab-answer': { lesson: string; step: string; answer: string | number | null; right: boolean };
  'tcplab-complete': { lesson: string; points: number; of: number; scaled: number };
  'tcplab-statement': { statement: Statement };
  'tcplab-error': { code: string; message: string };
}

export type LabEvent<Name extends keyof LabEvents> = CustomEvent<LabEvents[Name] & { version: 1 }>;

export class TcpLab extends HTMLElement {
  play(on?: boolean): void;
  pause(): void;
  /** In milliseconds. */
  seek(t: number): void;
  step(how?: 'on' | 'back' | 'segment'): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'tcp-lab': TcpLab;
  }
  interface HTMLElementEventMap {
    'tcplab-ready': LabEvent<'tcplab-ready'>;
    'tcplab-resize': LabEvent<'tcplab-resize'>;
    'tcplab-step': LabEvent<'tcplab-step'>;
    'tcplab-answer': LabEvent<'tcplab-answer'>;
    'tcplab-complete': LabEvent<'tcplab-complete'>;
    'tcplab-statement': LabEvent<'tcplab-statement'>;
    'tcplab-error': LabEvent<'tcplab-error'>;
  }
}

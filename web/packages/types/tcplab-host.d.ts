import './tcp-lab.js';

/** A lab in an iframe: its messages become events of the iframe, its methods become messages. */
export class LabFrame {
  constructor(iframe: HTMLIFrameElement, options?: { resize?: boolean });
  readonly iframe: HTMLIFrameElement;
  play(): Promise<void>;
  pause(): Promise<void>;
  /** In milliseconds. */
  seek(t: number): Promise<void>;
  step(how?: 'on' | 'back' | 'segment'): Promise<void>;
  set(settings: Record<string, string | number | boolean>): Promise<void>;
  /** Lets go of the frame. */
  stop(): void;
}

/** The labs in `iframe[data-tcplab]`, each watched once. */
export function watchLabs(root?: ParentNode): LabFrame[];

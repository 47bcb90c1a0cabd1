import type { OneShot } from './one-shot.ts';

/** A request to the model API itself, in that API's own shape. */
export interface DirectRequest {
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  /** Whether an event of the stream is the first piece of the answer or a later one. */
  readonly isContent: (event: unknown) => boolean;
}

/** One way of reaching a model through a CLI, as data: what our server is compared with, and what is good enough. */
export interface Subject {
  readonly id: string;
  /** For people: `Codex over HTTP`. */
  readonly title: string;
  /** The id of its CLI among the server's providers. */
  readonly cli: string;
  /** Asked of our server. */
  readonly model: string;
  /** Settings of our server beside the address of the model API and a dummy key. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long an answer may take relative to the one-shot command with its default flags. */
  readonly targets: { readonly first: number; readonly next: number; readonly result?: number };
  /** How long its rounds take relative to others': its part of the run's time is measured out by it. */
  readonly share: number;
  /** How a request for an answer arrives at the model API: a WebSocket's messages count as its handshake's method. */
  readonly request: { readonly method: 'GET' | 'POST'; readonly path: RegExp };
  /** The commands for the program at this path; the first is the one with default flags. */
  oneShots(program: string): Promise<readonly OneShot[]>;
  direct(prompt: string): DirectRequest;
}

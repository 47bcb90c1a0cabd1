import type { IncomingHttpHeaders } from 'node:http';
import type { Prompt } from './prompt.ts';

/** The simulated model APIs. */
export type Api = 'anthropic' | 'openai-responses' | 'openai-chat' | 'gemini';

/** A request as it arrived. */
export interface RecordedRequest {
  /** The request id that the answer carries. */
  readonly id: string;
  readonly api: Api;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without its question mark; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
  readonly rawBody: string;
  readonly prompt: Prompt;
  /** By `performance.now()`, when the whole body was here. */
  readonly receivedAt: number;
  /** The client's port: the same for two requests on one connection. */
  readonly clientPort: number;
  /** `completed` is false when the connection ended before the answer did. */
  readonly closed: Promise<{ readonly at: number; readonly completed: boolean }>;
}

/** A part of the last user message's text, or a predicate. */
export type Match = string | ((request: RecordedRequest) => boolean);

export function matches(match: Match, request: RecordedRequest): boolean {
  return typeof match === 'string' ? request.prompt.text.includes(match) : match(request);
}

/** Keeps the latest requests and lets tests wait for one. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];
  readonly #limit: number;
  readonly #waiting = new Set<(request: RecordedRequest) => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(request: RecordedRequest): void {
    this.requests.push(request);
    if (this.requests.length > this.#limit) this.requests.shift();
    for (const offer of this.#waiting) offer(request);
  }

  last(match: Match): RecordedRequest | undefined {
    return this.requests.findLast((request) => matches(match, request));
  }

  /** The latest kept request that matches, or the next one to come; rejects after `timeoutMs`. */
  waitFor(match: Match, timeoutMs: number): Promise<RecordedRequest> {
    const kept = this.last(match);
    if (kept) return Promise.resolve(kept);
    const { promise, resolve, reject } = Promise.withResolvers<RecordedRequest>();
    const offer = (request: RecordedRequest) => {
      if (matches(match, request)) resolve(request);
    };
    const timer = setTimeout(() => reject(new Error(this.#missing(match, timeoutMs))), timeoutMs);
    this.#waiting.add(offer);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(offer);
    });
  }

  #missing(match: Match, timeoutMs: number): string {
    const wanted = typeof match === 'string' ? `"${match}"` : String(match);
    const arrived = this.requests.map(
      ({ method, path, prompt }) => `  ${method} ${path} ${JSON.stringify(prompt.text.slice(0, 100))}`,
    );
    return [`No request matched ${wanted} within ${timeoutMs} ms. Arrived: ${arrived.length}`, ...arrived].join('\n');
  }
}

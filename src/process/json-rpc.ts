import type { Child } from './child.ts';

export type JsonObject = Record<string, unknown>;

/** What the other side asks of us, or tells us (then without an answer). */
export interface JsonRpcHandlers {
  /** A notification. */
  notified(method: string, params: JsonObject): void;
  /** A request; a throw becomes an error answer. */
  requested(method: string, params: JsonObject): Promise<unknown> | unknown;
  /** A line that is not of the protocol. */
  junk?(line: string): void;
}

/** The other side said no. `code` and `data` are its own. */
export class JsonRpcError extends Error {
  override readonly name = 'JsonRpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The other side is gone, or did not answer in time. */
export class JsonRpcSilence extends Error {
  override readonly name = 'JsonRpcSilence';
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Line {
  id?: string | number | null;
  method?: string;
  params?: JsonObject;
  result?: unknown;
  error?: { code?: number; message?: string; data?: unknown };
}

const methodNotFound = -32_601;
const internalError = -32_603;

/**
 * JSON-RPC in lines over a child's standard streams, both ways. Give `read` to the child as its `onLine`; `attach` it
 * before anything is asked.
 */
export class JsonRpcPeer {
  #child: Child | undefined;
  #next = 1;
  #waiting = new Map<string | number, Waiting>();
  readonly #handlers: JsonRpcHandlers;
  readonly #version: { jsonrpc?: '2.0' };

  /** `versioned: false` leaves out the `jsonrpc` field, for programs that do. */
  constructor(handlers: JsonRpcHandlers, { versioned = true }: { versioned?: boolean } = {}) {
    this.#handlers = handlers;
    this.#version = versioned ? { jsonrpc: '2.0' } : {};
  }

  attach(child: Child): void {
    this.#child = child;
    void child.exited.then((reason) => {
      for (const { reject } of this.#waiting.values()) reject(new JsonRpcSilence(`the program ${reason}`));
      this.#waiting.clear();
    });
  }

  /** Settles with the result; fails with a `JsonRpcError`, or a `JsonRpcSilence` when none comes in `timeoutMs`. */
  request(method: string, params: JsonObject, { timeoutMs }: { timeoutMs?: number } = {}): Promise<unknown> {
    if (!this.#child?.alive) return Promise.reject(new JsonRpcSilence('the program is gone'));
    const id = this.#next;
    this.#next += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#send({ id, method, params });
    if (timeoutMs === undefined) return promise;
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      reject(new JsonRpcSilence(`no answer to ${method} within ${timeoutMs} ms`));
    }, timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }

  notify(method: string, params: JsonObject): void {
    this.#send({ method, params });
  }

  readonly read = (text: string): void => {
    const line = parseLine(text);
    if (line === undefined) {
      if (text.trim() !== '') this.#handlers.junk?.(text);
    } else if (line.method === undefined) {
      this.#settle(line);
    } else if (line.id === undefined || line.id === null) {
      this.#handlers.notified(line.method, line.params ?? {});
    } else {
      void this.#answer(line.id, line.method, line.params ?? {});
    }
  };

  #settle({ id, result, error }: Line): void {
    if (id === undefined || id === null) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new JsonRpcError(error.code ?? internalError, error.message ?? 'refused', error.data));
  }

  async #answer(id: string | number, method: string, params: JsonObject): Promise<void> {
    try {
      const result = await this.#handlers.requested(method, params);
      this.#send({ id, result: result ?? null });
    } catch (error) {
      const { code, message } =
        error instanceof JsonRpcError ? error : { code: internalError, message: 'the request failed' };
      this.#send({ id, error: { code, message } });
    }
  }

  #send(line: JsonObject): void {
    this.#child?.write(`${JSON.stringify({ ...this.#version, ...line })}\n`);
  }
}

/** What to throw from `requested` for a method that we do not have. */
export function methodMissing(method: string): JsonRpcError {
  return new JsonRpcError(methodNotFound, `Unknown method ${method}`);
}

function parseLine(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && !Array.isArray(line) ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

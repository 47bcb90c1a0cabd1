const timeoutMs = 60_000;

/** Asks a server that may be anything. Every failure is an Error whose message says what to do. */
export interface ServerClient {
  /** The response, whatever its status. */
  send(path: string, body?: object): Promise<Response>;
  /** The response of a request that must succeed. */
  ask(path: string, body?: object): Promise<Response>;
}

/** `url` with or without `/v1` at its end; paths begin with `/`. */
export function createServerClient({ url, key }: { url: string; key?: string }): ServerClient {
  const base = url.replace(/\/+$/, '').replace(/\/v1$/, '');
  const send = async (path: string, body?: object): Promise<Response> => {
    try {
      return await fetch(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new Error(`${base} does not answer: ${reason(error)}`);
    }
  };
  return {
    send,
    async ask(path, body) {
      const response = await send(path, body);
      if (response.ok) return response;
      if (response.status === 401) {
        const remedy = key === undefined ? 'a key is needed: say it with --key' : 'the key of --key is not accepted';
        throw new Error(`401: ${remedy}`);
      }
      throw new Error(`${response.status}: ${errorMessage(await response.text())}`);
    },
  };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing came within ${timeoutMs / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function errorMessage(body: string): string {
  try {
    const { error } = JSON.parse(body);
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // Not in OpenAI's shape, and already a failure.
  }
  return body.slice(0, 200) || 'without a word';
}

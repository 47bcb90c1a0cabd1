import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import type { RequestContext } from '../../src/gateway/answer.ts';
import type { ListedModel } from '../../src/gateway/listed-model.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import type { HttpSettings } from '../../src/http/settings.ts';
import { merge } from '../../src/stream/merge.ts';
import { requestLimits } from './request-limits.ts';

/** The smallest dialect there can be: `{model, prompt, stream?, n?, ignore?}` in, text pieces out. */
export const plainDialect: Dialect = {
  name: 'plain',
  paths: ['/v1/plain', '/plain'],
  decode(body) {
    if (typeof body !== 'object' || body === null || !('model' in body) || typeof body.model !== 'string') {
      throw new GatewayError('invalid-request', 'The model is missing.', { param: 'model' });
    }
    const { prompt = 'hello', stream = false, n = 1, ignore = [] } = body as Record<string, unknown>;
    return {
      kind: 'generate',
      request: {
        model: body.model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: String(prompt) },
              { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'A'.repeat(5000) } },
            ],
          },
        ],
        tools: [],
      },
      choices: Number(n),
      stream: stream === true,
      asked: {},
      ignored: ignore as string[],
      places: new Map(),
      options: undefined,
    };
  },
  async *frames(choices, context) {
    yield { data: { head: context.model } };
    for await (const [index, event] of merge(choices)) {
      if (event.type === 'text-delta') yield { data: { index, text: event.text } };
    }
    yield { data: '[DONE]' };
  },
  whole: (completions) => ({ texts: completions.map((completion) => completion.message.content) }),
  error: ({ message, kind, param }) => ({ error: { message, type: kind, param: param ?? null, code: kind } }),
  errorFrame: (error) => ({ data: plainDialect.error(error) }),
};

export const finish: StreamEvent = { type: 'finish', reason: 'stop', usage: { inputTokens: 10, outputTokens: 2 } };

/** One answer from a script: numbers are pauses in milliseconds, strings are text, errors are thrown. */
export async function* scripted(
  signal: AbortSignal,
  ...steps: (number | string | Error | StreamEvent)[]
): AsyncGenerator<StreamEvent> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step === 'number') await sleep(step, undefined, { signal }).catch(() => {});
    else if (typeof step === 'string') yield { type: 'text-delta', text: step };
    else yield step;
    signal.throwIfAborted();
  }
}

export const opus: ListedModel = {
  id: 'vendor/opus 1',
  aliases: ['opus'],
  title: 'Opus One',
  ownedBy: 'vendor',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  contextWindow: 200_000,
  pricing: { input: 4, output: 0.5 },
  inputs: { images: true, documents: true, audio: false },
  parameters: ['outputFormat'],
  efforts: ['low', 'high'],
  reasoning: 'on-request',
  webTools: true,
  parallelToolCalls: true,
};

export type Script = (
  signal: AbortSignal,
  operation: Operation,
  context: RequestContext,
) => AsyncIterable<StreamEvent>[];

export interface LogLine extends Record<string, unknown> {
  level: number;
  msg: string;
}

/** The application on a free loopback port, with a gateway that plays the script. */
export async function startServer(
  script: Script = (signal) => [scripted(signal, 'hi', finish)],
  settings: Partial<HttpSettings> = {},
  parts: Partial<Pick<AppOptions, 'dialects' | 'responses'>> = {},
) {
  const lines: LogLine[] = [];
  const contexts: RequestContext[] = [];
  const app = createApp({
    gateway: {
      generate: async (operation, context) => {
        contexts.push(context);
        if (operation.request.model === 'nothing') throw new GatewayError('model-not-found', 'There is no such model.');
        const choices = script(context.signal, operation, context);
        return { model: 'real-model', route: 'fake/default/real-model', ignored: ['temperature'], choices };
      },
      countTokens: async () => 7,
      models: () => [opus],
      model: async (name) => {
        if (name === opus.id || opus.aliases.includes(name)) return opus;
        throw new GatewayError('model-not-found', `There is no model "${name}".`, { param: 'model' });
      },
      health: () => ({ providers: { fake: { state: 'ready', version: '1.2.3' } } }),
    },
    dialects: [plainDialect],
    settings: {
      host: '127.0.0.1',
      apiKeys: [],
      allowedHosts: [],
      maxBodyBytes: 1024 * 1024,
      ...requestLimits,
      maxTimeoutMs: 20_000,
      sseKeepAliveMs: 15_000,
      firstEventHoldMs: 3000,
      logPrompts: false,
      ...settings,
    },
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
    version: '9.9.9',
    ...parts,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    lines,
    contexts,
    /** Log lines of requests, once there are so many. */
    async requestLines(count: number): Promise<LogLine[]> {
      const found = () => lines.filter((line) => line.msg.startsWith('Request '));
      for (let waited = 0; found().length < count && waited < 2000; waited += 5) await sleep(5);
      return found();
    },
    post: (body: unknown, init: RequestInit = {}) =>
      fetch(`${url}/v1/plain`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
      }),
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startServer>>;

/** The frames of an event stream's text; comments are left out. */
export function framesOf(text: string): unknown[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => (block === 'data: [DONE]' ? '[DONE]' : JSON.parse(block.slice('data: '.length))));
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FunctionTool } from '../core/tool.ts';
import { type HttpDoorOptions, type McpCall, openHttpDoor } from './http-door.ts';
import { Loopback } from './loopback.ts';
import type { McpResult } from './mcp-result.ts';

const look: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: 'Looks',
  parameters: {
    type: 'object',
    properties: { at: { type: 'string', pattern: '^[A-Z]' } },
    additionalProperties: false,
  },
};

async function open(options: Partial<HttpDoorOptions> = {}) {
  const loopback = new Loopback();
  const onCall = async (): Promise<McpResult> => ({ content: [] });
  const door = await openHttpDoor(loopback, { tools: [look], onCall, ...options });
  const send = (message: unknown, init: RequestInit = {}) =>
    fetch(door.url, { method: 'POST', body: JSON.stringify(message), ...init });
  return { door, send, [Symbol.asyncDispose]: () => loopback[Symbol.asyncDispose]() };
}

const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'look', arguments: { at: 'Paris' } } };

describe('openHttpDoor', () => {
  it('shows the tools with their very schemas', async () => {
    await using door = await open();
    const list = await door.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const { result } = (await list.json()) as { result: { tools: { name: string; inputSchema: unknown }[] } };
    assert.deepEqual(
      result.tools.map(({ name, inputSchema }) => ({ name, inputSchema })),
      [{ name: 'look', inputSchema: look.parameters }],
    );
  });

  it('is a server without messages of its own', async () => {
    await using door = await open();
    const initialized = await door.send({ jsonrpc: '2.0', id: 0, method: 'initialize', params: {} });
    assert.match(await initialized.text(), /"capabilities":\{"tools"/);
    assert.equal((await door.send({ jsonrpc: '2.0', method: 'notifications/initialized' })).status, 202);
    for (const method of ['GET', 'DELETE']) assert.equal((await fetch(door.door.url, { method })).status, 405);
    assert.equal((await fetch(door.door.url, { method: 'POST', body: 'no JSON' })).status, 400);
  });

  it('answers a call at once with a stream, and later with the result', async () => {
    const waiting = Promise.withResolvers<McpResult>();
    const calls: McpCall[] = [];
    await using door = await open({
      onCall: (made) => {
        calls.push(made);
        return waiting.promise;
      },
    });
    const response = await door.send(call);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.deepEqual([calls[0]?.name, calls[0]?.arguments], ['look', { at: 'Paris' }]);
    waiting.resolve({ content: [{ type: 'text', text: 'sunny' }], isError: true });
    const [, data = ''] = /^event: message\ndata: (.*)\n\n$/.exec(await response.text()) ?? [];
    assert.deepEqual(JSON.parse(data), {
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: 'sunny' }], isError: true },
    });
  });

  it('keeps a stream alive that waits', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    await using door = await open({ onCall: () => new Promise(() => {}) });
    const response = await door.send(call);
    const reader = response.body?.getReader();
    t.mock.timers.tick(10_000);
    const { value } = (await reader?.read()) ?? {};
    assert.equal(new TextDecoder().decode(value), ': waiting\n\n');
    await reader?.cancel();
  });

  it('tells of a call that cannot be answered without saying why', async () => {
    await using door = await open({ onCall: () => Promise.reject(new Error('secret')) });
    const said = await (await door.send(call)).text();
    assert.match(said, /"isError":true/);
    assert.doesNotMatch(said, /secret/);
  });

  it('says when the caller of a call has gone', async () => {
    const gone = Promise.withResolvers<void>();
    await using door = await open({
      onCall: ({ signal }) => {
        signal.addEventListener('abort', () => gone.resolve());
        return new Promise(() => {});
      },
    });
    const stop = new AbortController();
    const response = await door.send(call, { signal: stop.signal });
    stop.abort();
    await assert.rejects(response.text());
    await gone.promise;
  });

  it('ends the calls that wait when it is closed', async () => {
    await using door = await open({ onCall: () => new Promise(() => {}) });
    const response = await door.send(call);
    door.door[Symbol.dispose]();
    await assert.rejects(response.text());
    assert.equal((await door.send(call)).status, 404);
  });
});

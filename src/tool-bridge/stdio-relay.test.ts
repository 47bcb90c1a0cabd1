import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { openHttpDoor } from './http-door.ts';
import { Loopback } from './loopback.ts';
import type { McpResult } from './mcp-result.ts';
import { stdioProgram } from './stdio-server.ts';

const tools = [{ kind: 'function' as const, name: 'look', parameters: { type: 'object' } }];

describe('the stdio relay', { timeout: 60_000 }, () => {
  const loopback = new Loopback();
  after(() => loopback[Symbol.asyncDispose]());

  function start(doorUrl: string) {
    const { command, args, env } = stdioProgram(doorUrl);
    const environment = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    const child = spawn(command, args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    return {
      child,
      send: (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
      read: async () => JSON.parse((await lines.next()).value as string) as { id: number; [key: string]: unknown },
    };
  }

  it('shows the tools of the door, and hands over a call with its late result', async () => {
    const { promise, resolve } = Promise.withResolvers<McpResult>();
    const called = Promise.withResolvers<unknown>();
    using door = await openHttpDoor(loopback, {
      tools,
      onCall: ({ name, arguments: given }) => {
        called.resolve([name, given]);
        return promise;
      },
    });
    const { child, send, read } = start(door.url);
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } });
    assert.deepEqual((await read()).id, 1);
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'look', arguments: { at: 'Bär\n' } } });
    assert.deepEqual(await called.promise, ['look', { at: 'Bär\n' }]);
    send({ id: 3, method: 'tools/list' });
    const listed = await read();
    assert.equal(listed.id, 3);
    assert.match(JSON.stringify(listed.result), /"look"/);
    resolve({ content: [{ type: 'text', text: 'sunny\n\ndata: ü' }] });
    assert.deepEqual(await read(), {
      jsonrpc: '2.0',
      id: 2,
      result: { content: [{ type: 'text', text: 'sunny\n\ndata: ü' }] },
    });
    child.stdin.end();
    await once(child, 'exit');
  });

  it('says so when the door is gone', async () => {
    const door = await openHttpDoor(loopback, { tools, onCall: () => Promise.reject(new Error('never')) });
    door[Symbol.dispose]();
    const { child, send, read } = start(door.url);
    send({ id: 9, method: 'tools/list' });
    const { id, error } = await read();
    assert.equal(id, 9);
    assert.ok(error);
    child.stdin.end();
    await once(child, 'exit');
  });

  it('keeps the key of the door out of the arguments', () => {
    const { args, env } = stdioProgram('http://127.0.0.1:1/secret');
    assert.doesNotMatch(args.join(' '), /secret/);
    assert.match(JSON.stringify(env), /secret/);
  });
});

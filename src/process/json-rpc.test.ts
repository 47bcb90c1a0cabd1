import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { Child } from './child.ts';
import { JsonRpcError, type JsonRpcHandlers, JsonRpcPeer, JsonRpcSilence, methodMissing } from './json-rpc.ts';

/** A small program that speaks the protocol. */
const program = `
import { createInterface } from 'node:readline';
const send = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
createInterface(process.stdin).on('line', (text) => {
  const line = JSON.parse(text);
  const { id, method, params } = line;
  if (method === 'echo') send({ id, result: params });
  if (method === 'raw') send({ id, result: line });
  if (method === 'swap') {
    if (params.last) send({ id, result: 'second' });
    if (params.last) send({ id: id - 1, result: 'first' });
  }
  if (method === 'refuse') send({ id, error: { code: -7, message: 'no', data: { why: 'because' } } });
  if (method === 'ask') send({ id: params.method, method: params.method, params: { of: 'you' } });
  if (method === 'tell') send({ method: 'told', params: { what: 'news' } });
  if (method === 'junk') process.stdout.write('not JSON\\n\\n[1]\\n');
  if (method === 'leave') process.exit(3);
  if (method === undefined) send({ method: 'answered', params: line });
});
`;

describe('JsonRpcPeer', { timeout: 60_000 }, () => {
  let directory = '';
  const children: Child[] = [];
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'json-rpc-'));
    writeFileSync(join(directory, 'program.mjs'), program);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.end()));
  });
  after(() => rmSync(directory, { recursive: true }));

  function connect(handlers: Partial<JsonRpcHandlers> = {}, options?: { versioned?: boolean }): JsonRpcPeer {
    const peer = new JsonRpcPeer(
      { notified: () => {}, requested: (method) => Promise.reject(methodMissing(method)), ...handlers },
      options,
    );
    const child = new Child({
      executable: process.execPath,
      arguments: [join(directory, 'program.mjs')],
      environment: {},
      directory,
      stopSignal: 'SIGTERM',
      stopGraceMs: 5_000,
      onLine: peer.read,
    });
    children.push(child);
    peer.attach(child);
    return peer;
  }

  it('gives each request its own answer, in whatever order they come', async () => {
    const peer = connect();
    const [first, second] = [peer.request('swap', {}), peer.request('swap', { last: true })];
    assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
    assert.deepEqual(await peer.request('echo', { text: 'ü\n"' }), { text: 'ü\n"' });
  });

  it('says its version, or leaves it out for programs that do', async () => {
    const versioned = (await connect().request('raw', {})) as { jsonrpc?: string };
    assert.equal(versioned.jsonrpc, '2.0');
    const plain = (await connect({}, { versioned: false }).request('raw', {})) as { jsonrpc?: string };
    assert.equal(plain.jsonrpc, undefined);
  });

  it('fails with what the other side says no with', async () => {
    const refused = await connect()
      .request('refuse', {})
      .catch((error: unknown) => error);
    assert.ok(refused instanceof JsonRpcError);
    assert.deepEqual([refused.code, refused.message, refused.data], [-7, 'no', { why: 'because' }]);
  });

  it('fails when no answer comes in time, and still reads the next', async () => {
    const peer = connect();
    await assert.rejects(peer.request('nothing', {}, { timeoutMs: 50 }), JsonRpcSilence);
    assert.deepEqual(await peer.request('echo', { still: 'here' }), { still: 'here' });
  });

  it('fails what is asked of a program that leaves, or has left', async () => {
    const peer = connect();
    const waiting = peer.request('nothing', {});
    peer.notify('leave', {});
    await assert.rejects(waiting, (error) => error instanceof JsonRpcSilence && /code 3/.test(error.message));
    await assert.rejects(peer.request('echo', {}), JsonRpcSilence);
  });

  it('hears notifications', async () => {
    const heard: unknown[] = [];
    const peer = connect({ notified: (method, params) => heard.push([method, params]) });
    peer.notify('tell', {});
    await eventually('it is told', () => heard.length > 0);
    assert.deepEqual(heard, [['told', { what: 'news' }]]);
  });

  it('answers what it is asked: with a result, however late, with an error of its own, or that it cannot', async () => {
    const answers = new Map<unknown, unknown>();
    const late = Promise.withResolvers<unknown>();
    const peer = connect({
      notified: (_, { id, result, error }) => answers.set(id, error ?? result),
      requested: (method, params) => {
        if (method === 'good') return params;
        if (method === 'late') return late.promise;
        if (method === 'nothing') return undefined;
        if (method === 'broken') throw new Error('a secret of ours');
        throw methodMissing(method);
      },
    });
    for (const method of ['late', 'good', 'nothing', 'broken', 'unknown']) peer.notify('ask', { method });
    await eventually('four are answered', () => answers.size === 4);
    late.resolve('at last');
    await eventually('all are answered', () => answers.size === 5);
    assert.deepEqual(Object.fromEntries(answers), {
      good: { of: 'you' },
      nothing: null,
      broken: { code: -32_603, message: 'the request failed' },
      unknown: { code: -32_601, message: 'Unknown method unknown' },
      late: 'at last',
    });
  });

  it('hands on what is not of the protocol, blank lines excepted', async () => {
    const junk: string[] = [];
    const peer = connect({ junk: (line) => junk.push(line) });
    peer.notify('junk', {});
    assert.deepEqual(await peer.request('echo', {}), {});
    assert.deepEqual(junk, ['not JSON', '[1]']);
  });
});

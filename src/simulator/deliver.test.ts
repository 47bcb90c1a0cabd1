import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Action } from './answer.ts';
import { deliver } from './deliver.ts';

test('a slow reader holds the answer back', { timeout: 20_000 }, async () => {
  const total = 2_000;
  const chunk = 'x'.repeat(50_000);
  let pulled = 0;
  function* actions(): Generator<Action> {
    for (; pulled < total; pulled++) yield chunk;
  }
  const server = createServer((_, response) => {
    const answer = { status: 200, headers: {}, actions: actions() };
    void deliver(response, answer, new AbortController().signal);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];

  await setTimeout(300);
  assert.ok(pulled < total / 2, `${pulled} of ${total} chunks were made for a reader that does not read`);

  let bytes = 0;
  for await (const data of response) bytes += data.length;
  assert.equal(bytes, total * chunk.length);
  server.close();
  await once(server, 'close');
});

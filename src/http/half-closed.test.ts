import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { finish, scripted, startServer } from '../../test/support/http-server.ts';

function post(body: object, version = '1.1'): string {
  const text = JSON.stringify(body);
  const head = [
    `POST /v1/plain HTTP/${version}`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}

describe('a caller that ends its side of the connection', { timeout: 30_000 }, () => {
  const slowly = (signal: AbortSignal) => [scripted(signal, 150, 'Hello', 150, ' there', finish)];

  it('gets its answer when it still listens, streamed or whole', async () => {
    await using server = await startServer(slowly);
    for (const stream of [false, true]) {
      const socket = connect({ port: server.port, allowHalfOpen: true });
      socket.end(post({ model: 'm', stream }));
      const answer = Buffer.concat(await socket.toArray()).toString();
      assert.match(answer, /HTTP\/1\.1 200 OK/);
      assert.match(answer, /connection: close/i);
      assert.match(answer, /Hello.*there.*(\[DONE\]|\})/s);
    }
    const outcomes = (await server.requestLines(2)).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['ok', 'ok']);
  });

  it('gets what other requests than these are answered with', async () => {
    await using server = await startServer();
    const socket = connect({ port: server.port, allowHalfOpen: true });
    socket.end('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    assert.match(Buffer.concat(await socket.toArray()).toString(), /healthy/);
  });

  it('is noticed at once when it is gone, before the first byte and behind it', async () => {
    const gone: number[] = [];
    await using server = await startServer((signal) => {
      signal.addEventListener('abort', () => gone.push(performance.now()));
      return [scripted(signal, 'Hello', 60_000, finish)];
    });
    for (const [stream, version] of [
      [true, '1.1'],
      [false, '1.1'],
      [false, '1.0'],
    ] as const) {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(post({ model: 'm', stream }, version));
      if (stream) await once(socket, 'data');
      else await eventually('the answer is under way', () => server.contexts.length > gone.length);
      const before = gone.length;
      const leftAt = performance.now();
      socket.destroy();
      await eventually('the answer is cut', () => gone.length > before);
      assert.ok((gone.at(-1) ?? 0) - leftAt < 2_000);
    }
    const outcomes = (await server.requestLines(3)).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['cancelled', 'cancelled', 'cancelled']);
  });
});

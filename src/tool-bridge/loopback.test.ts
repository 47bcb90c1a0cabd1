import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { Loopback } from './loopback.ts';

describe('Loopback', () => {
  it('hands a place what is sent to its URL', async () => {
    await using loopback = new Loopback();
    const place = await loopback.mount(({ method, path, body }, response) => {
      response.end(JSON.stringify([method, path, body]));
    });
    const response = await fetch(`${place.url}/v1/logs`, { method: 'POST', body: 'hello' });
    assert.deepEqual(await response.json(), ['POST', 'v1/logs', 'hello']);
  });

  it('listens on one port of this machine alone, under keys that differ', async () => {
    await using loopback = new Loopback();
    const places = await Promise.all([1, 2].map(() => loopback.mount((_, response) => void response.end())));
    const [first, second] = places.map(({ url }) => new URL(url));
    assert.equal(first?.hostname, '127.0.0.1');
    assert.equal(first?.host, second?.host);
    assert.notEqual(first?.pathname.split('/')[2], second?.pathname.split('/')[2]);
    assert.ok((first?.pathname.split('/')[2]?.length ?? 0) >= 43, 'a key of 256 bits');
  });

  it('lets nobody in without the key, nor under the key of another place', async () => {
    await using loopback = new Loopback();
    const one = await loopback.mount((_, response) => void response.end('one'));
    const two = await loopback.mount((_, response) => void response.end('two'));
    const { origin, pathname } = new URL(one.url);
    const [, id, key] = pathname.split('/');
    const [, otherId] = new URL(two.url).pathname.split('/');
    for (const path of ['/', `/${id}`, `/${id}/`, `/${id}/${key}x`, `/${otherId}/${key}`, `/9/${key}`]) {
      assert.equal((await fetch(origin + path)).status, 404, path);
    }
  });

  it('lets no web page in', async () => {
    await using loopback = new Loopback();
    const place = await loopback.mount((_, response) => void response.end('in'));
    const { port, pathname } = new URL(place.url);
    assert.equal((await fetch(place.url, { headers: { origin: 'http://127.0.0.1' } })).status, 403);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET ${pathname} HTTP/1.1\r\nhost: evil.example:${port}\r\nconnection: close\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 403 /);
  });

  it('refuses a body that is too long', async () => {
    await using loopback = new Loopback();
    const place = await loopback.mount((_, response) => void response.end('in'));
    const body = Buffer.alloc(64 * 1024 * 1024 + 1);
    const status = await fetch(place.url, { method: 'POST', body }).then(
      (response) => response.status,
      () => 413,
    );
    assert.equal(status, 413);
  });

  it('answers a handler that fails with 500', async () => {
    await using loopback = new Loopback();
    const place = await loopback.mount(() => {
      throw new Error('secret');
    });
    const response = await fetch(place.url);
    assert.equal(response.status, 500);
    assert.equal(await response.text(), '');
  });

  it('forgets a place that is given up', async () => {
    await using loopback = new Loopback();
    const place = await loopback.mount((_, response) => void response.end('in'));
    place[Symbol.dispose]();
    assert.equal((await fetch(place.url)).status, 404);
  });

  it('cuts every connection when it closes, and opens no place afterwards', async () => {
    const loopback = new Loopback();
    const place = await loopback.mount((_, response) => response.flushHeaders());
    const response = await fetch(place.url);
    const reading = assert.rejects(response.text());
    await loopback[Symbol.asyncDispose]();
    await reading;
    await assert.rejects(fetch(place.url));
    await assert.rejects(loopback.mount(() => {}));
  });

  it('closes without ever having listened', async () => {
    await new Loopback()[Symbol.asyncDispose]();
  });
});

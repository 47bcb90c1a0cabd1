import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../core/error.ts';
import { createCors } from './cors.ts';

const loopback = [
  'http://localhost',
  'http://localhost:3000',
  'https://127.0.0.1:8443',
  'http://[::1]:5173',
  'HTTP://LOCALHOST:1',
];
const foreign = [
  'null',
  'https://example.com',
  'http://localhost.example.com',
  'http://localhost:3000.example.com',
  'http://127.0.0.1.nip.io',
  'http://evil-localhost',
  'http://localhost@example.com',
  'file://',
  '',
];

const allowedOrigin = (settings: { apiKeys: string[]; corsOrigins?: string[] }, origin: string) =>
  createCors(settings)('POST', { origin }).headers['access-control-allow-origin'];

test('without keys, pages of this machine may call and no others, whatever CORS_ORIGINS says', () => {
  for (const settings of [{ apiKeys: [] }, { apiKeys: [], corsOrigins: ['*', 'https://example.com'] }]) {
    for (const origin of loopback) assert.equal(allowedOrigin(settings, origin), origin);
    for (const origin of foreign) {
      for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD']) {
        assert.throws(
          () => createCors(settings)(method, { origin }),
          (error) => error instanceof GatewayError && error.kind === 'forbidden',
          origin,
        );
      }
    }
  }
});

test('with keys, the browser keeps the answer from pages that are not listed', () => {
  const listed = { apiKeys: ['k'], corsOrigins: ['https://chat.example.com', 'app://obsidian.md'] };
  assert.equal(allowedOrigin(listed, 'https://chat.example.com'), 'https://chat.example.com');
  assert.equal(allowedOrigin(listed, 'app://obsidian.md'), 'app://obsidian.md');
  assert.equal(allowedOrigin(listed, 'https://example.com'), undefined);
  assert.equal(allowedOrigin(listed, 'http://localhost:3000'), undefined);
  assert.equal(allowedOrigin({ apiKeys: ['k'] }, 'http://localhost:3000'), 'http://localhost:3000');
  assert.equal(allowedOrigin({ apiKeys: ['k'] }, 'https://example.com'), undefined);
});

test('a star lets every page in, never with credentials', () => {
  const { headers } = createCors({ apiKeys: ['k'], corsOrigins: ['*'] })('POST', { origin: 'https://example.com' });
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.equal(headers['access-control-allow-credentials'], undefined);
});

test('a preflight gets back what it asked for', () => {
  const { preflight, headers } = createCors({ apiKeys: [] })('OPTIONS', {
    origin: 'http://localhost:3000',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, x-stainless-os',
  });
  assert.equal(preflight, true);
  assert.equal(headers['access-control-allow-methods'], 'POST');
  assert.equal(headers['access-control-allow-headers'], 'authorization, x-stainless-os');
  assert.ok(Number(headers['access-control-max-age']) > 0);
  assert.match(headers.vary ?? '', /^Origin, /);
});

test('an OPTIONS request that asks for nothing is no preflight', () => {
  assert.equal(createCors({ apiKeys: [] })('OPTIONS', { origin: 'http://localhost' }).preflight, false);
  assert.equal(createCors({ apiKeys: [] })('OPTIONS', {}).preflight, false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostGuard } from './host-guard.ts';
import type { HttpSettings } from './settings.ts';

const settings: HttpSettings = {
  host: '127.0.0.1',
  apiKeys: [],
  allowedHosts: [],
  maxBodyBytes: 1,
  images: { count: 0, bytes: 1 },
  maxTimeoutMs: 1,
  sseKeepAliveMs: 1,
  firstEventHoldMs: 1,
  logPrompts: false,
};

function passes(host: string | undefined, own: Partial<HttpSettings> = {}, localAddress = '127.0.0.1'): boolean {
  try {
    createHostGuard({ ...settings, ...own })({ headers: { host }, socket: { localAddress } });
    return true;
  } catch {
    return false;
  }
}

test('without keys, only names of this machine pass', () => {
  for (const host of ['localhost', 'LOCALHOST:8000', 'localhost.:8000', '127.0.0.1:8000', '[::1]', '[::1]:8000']) {
    assert.ok(passes(host), host);
  }
  for (const host of [
    '',
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '192.168.1.9:8000',
    '[::2]:80',
  ]) {
    assert.ok(!passes(host), host);
  }
});

test('the address listened on, the address arrived at and listed names pass', () => {
  assert.ok(passes('box.lan:8000', { host: 'box.lan' }));
  assert.ok(passes('[fd00::1]:8000', { host: 'fd00::1' }));
  assert.ok(passes('192.168.1.9:8000', { host: '0.0.0.0' }, '192.168.1.9'));
  assert.ok(passes('192.168.1.9:8000', { host: '::' }, '::ffff:192.168.1.9'));
  assert.ok(passes('wrapper:8000', { allowedHosts: ['Wrapper'] }));
  assert.ok(!passes('other:8000', { allowedHosts: ['wrapper'], host: '0.0.0.0' }));
});

test('with keys, and without any name, everything passes', () => {
  assert.ok(passes('evil.example', { apiKeys: ['k'] }));
  assert.ok(passes(undefined));
});

test('the refusal names the variable that helps', () => {
  assert.throws(() => createHostGuard(settings)({ headers: { host: 'evil.example' }, socket: {} }), /ALLOWED_HOSTS/);
});

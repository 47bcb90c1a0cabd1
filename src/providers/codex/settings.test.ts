import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEndpoint, usesLogin } from './settings.ts';

describe('readEndpoint', () => {
  it('takes the login where nothing else is said: the short form, over WebSockets', () => {
    const endpoint = readEndpoint({});
    assert.deepEqual(endpoint, { catalog: 'patched', websocket: true });
    assert.ok(usesLogin(endpoint));
  });

  it('takes a key to OpenAI, in the full form of its API', () => {
    const endpoint = readEndpoint({ CODEX_API_KEY: 'k' });
    const baseUrl = 'https://api.openai.com/v1';
    assert.deepEqual(endpoint, { baseUrl, apiKey: 'k', catalog: 'full', websocket: false });
    assert.ok(!usesLogin(endpoint));
  });

  it('gives an address of one’s own no login', () => {
    const endpoint = readEndpoint({ CODEX_BASE_URL: 'http://127.0.0.1:1/v1' });
    assert.deepEqual(endpoint, { baseUrl: 'http://127.0.0.1:1/v1', catalog: 'full', websocket: false });
    assert.ok(!usesLogin(endpoint));
  });

  it('lets form and transport be chosen', () => {
    const endpoint = readEndpoint({ CODEX_API_KEY: 'k', CODEX_CATALOG: 'patched', CODEX_WEBSOCKET: 'on' });
    assert.equal(endpoint.catalog, 'patched');
    assert.equal(endpoint.websocket, true);
    assert.deepEqual(readEndpoint({ CODEX_CATALOG: 'official', CODEX_WEBSOCKET: 'off' }), {
      catalog: 'official',
      websocket: false,
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lockArguments, serverArguments } from './config.ts';
import { readEndpoint } from './settings.ts';

const files = { catalog: '/tmp/a "b"/catalog.json', databases: '/tmp/databases' };

/** The values behind each `-c key=`. */
function settings(words: readonly string[]): Map<string, string> {
  const pairs = words.flatMap((word, index): [string, string][] => {
    if (index % 2 === 0) {
      assert.equal(word, '-c');
      return [];
    }
    const at = word.indexOf('=');
    return [[word.slice(0, at), word.slice(at + 1)]];
  });
  return new Map(pairs);
}

describe('serverArguments', () => {
  it('routes a login as Codex does itself', () => {
    const provider = settings(serverArguments(readEndpoint({}), files, 5_000)).get('model_providers.gateway') ?? '';
    assert.match(provider, /name="OpenAI"/);
    assert.match(provider, /requires_openai_auth=true/);
    assert.match(provider, /supports_websockets=true/);
    assert.doesNotMatch(provider, /base_url|env_key/);
  });

  it('names a key by its variable and never by itself, and gives it to no login', () => {
    const endpoint = readEndpoint({ CODEX_BASE_URL: 'http://127.0.0.1:1/v1', CODEX_API_KEY: 'sk-secret' });
    const words = serverArguments(endpoint, files, 5_000);
    assert.doesNotMatch(words.join(' '), /sk-secret/);
    const provider = settings(words).get('model_providers.gateway') ?? '';
    assert.match(provider, /base_url="http:\/\/127\.0\.0\.1:1\/v1"/);
    assert.match(provider, /env_key="CODEX_API_KEY"/);
    assert.doesNotMatch(provider, /requires_openai_auth/);
    const bare = serverArguments(readEndpoint({ CODEX_BASE_URL: 'http://127.0.0.1:1/v1' }), files, 5_000);
    assert.doesNotMatch(bare.join(' '), /env_key|requires_openai_auth/);
  });

  it('tries nothing twice, and gives up on a silence that is too long', () => {
    const provider = settings(serverArguments(readEndpoint({}), files, 5_000)).get('model_providers.gateway') ?? '';
    assert.match(provider, /request_max_retries=0,stream_max_retries=0,stream_idle_timeout_ms=5000/);
  });

  it('says where its files are, in TOML', () => {
    const given = settings(serverArguments(readEndpoint({}), files, 5_000));
    assert.equal(given.get('model_catalog_json'), '"/tmp/a \\"b\\"/catalog.json"');
    assert.equal(given.get('sqlite_home'), '"/tmp/databases"');
    const { databases } = files;
    assert.equal(settings(serverArguments(readEndpoint({}), { databases }, 1)).has('model_catalog_json'), false);
  });
});

describe('lockArguments', () => {
  it('switch off what acts, looks around or calls home', () => {
    const locks = settings(lockArguments);
    for (const lock of ['features.shell_tool', 'features.hooks', 'features.plugins', 'analytics.enabled']) {
      assert.equal(locks.get(lock), 'false');
    }
    assert.equal(locks.get('features.unbounded_connection_retries'), 'false');
    assert.equal(locks.get('sandbox_mode'), '"read-only"');
    assert.equal(locks.get('tools.update_plan'), '{enabled=false}');
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, readConfig } from './config.ts';

describe('settings', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  after(() => rmSync(directory, { recursive: true }));

  function read(
    environment: Record<string, string>,
    options: { file?: string; overrides?: Record<string, string> } = {},
  ) {
    writeFileSync(join(directory, '.env'), options.file ?? '');
    return readConfig({ environment, directory, overrides: options.overrides });
  }

  it('have defaults for everything', () => {
    const config = read({});
    assert.equal(config.port, 8000);
    assert.equal(config.http.host, '127.0.0.1');
    assert.deepEqual(config.http.apiKeys, []);
    assert.equal(config.verifyFirst, false);
    assert.equal(config.logLevel, 'info');
  });

  it('come from the command line before the environment, from there before the file', () => {
    const file = 'PORT=1001\nHOST=localhost\nMAX_TIMEOUT=1000\n';
    const { port, http } = read({ PORT: '1002', HOST: '::1' }, { file, overrides: { PORT: '1003' } });
    assert.deepEqual([port, http.host, http.maxTimeoutMs], [1003, '::1', 1000]);
  });

  it('that are empty count as unset, in the environment and in the file', () => {
    assert.equal(read({ PORT: '' }, { file: 'PORT=1001' }).port, 1001);
    assert.equal(read({}, { file: 'PORT=\nHOST=""' }).port, 8000);
  });

  it('reach the CLIs from the file too', () => {
    const { environment } = read({}, { file: 'ANTHROPIC_API_KEY=from-the-file' });
    assert.equal(environment.ANTHROPIC_API_KEY, 'from-the-file');
  });

  it('turn the log up', () => {
    assert.equal(read({ VERBOSE: '1' }).logLevel, 'debug');
    assert.equal(read({ DEBUG_MODE: 'yes', VERBOSE: 'true' }).logLevel, 'trace');
  });

  const unreadable: Record<string, string> = {
    PORT: '80a',
    MAX_TIMEOUT: '-1',
    DEBUG_MODE: 'maybe',
    SKIP_CLI_VERIFICATION: '2',
    CORS_ORIGINS: 'https://mine.test',
    WEB_TOOLS: 'sometimes',
    MAX_BODY_BYTES: '32 parsecs',
    API_KEY: 'schlüssel',
    CLAUDE_CODE_USE_BEDROCK: 'banana',
    CLAUDE_CODE_USE_VERTEX: 'yes',
    ANTHROPIC_BASE_URL: 'notaurl',
    ANTHROPIC_API_KEY: 'two words',
    ANTHROPIC_AUTH_TOKEN: 'schlüssel',
    CLAUDE_CODE_OAUTH_TOKEN: 'two words',
  };
  for (const [name, value] of Object.entries(unreadable)) {
    it(`refuse ${name}=${value} in one sentence that names it and keeps its value to itself`, () => {
      assert.throws(
        () => read({ [name]: value }),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, new RegExp(`^${name} must .*\\.$`));
          assert.ok(!error.message.includes(value));
          return true;
        },
      );
    });
  }

  it('are all refused at once, a line for each', () => {
    assert.throws(
      () =>
        read({ PORT: '80a', API_KEY: 'one two,drei vier', WEB_TOOLS: 'sometimes', ANTHROPIC_BASE_URL: 'localhost:80' }),
      (error: Error) => {
        const names = error.message.split('\n').map((line) => /^(\w+) must .*\.$/.exec(line)?.[1]);
        assert.deepEqual(names.sort(), ['ANTHROPIC_BASE_URL', 'API_KEY', 'PORT', 'WEB_TOOLS']);
        return true;
      },
    );
  });

  it('of the CLIs are handed on as they are written', () => {
    const values = {
      CLAUDE_CODE_USE_BEDROCK: 'TRUE',
      CLAUDE_CODE_USE_VERTEX: '0',
      ANTHROPIC_BASE_URL: 'http://[::1]:80/x',
    };
    const { environment } = read(values);
    for (const [name, value] of Object.entries(values)) assert.equal(environment[name], value);
  });

  it('name a state folder that stays the same wherever the CLIs run', () => {
    assert.equal(read({ CLIS_WRAPPER_HOME: 'state' }).home, join(directory, 'state'));
    assert.equal(read({ CLIS_WRAPPER_HOME: '/state' }).home, '/state');
  });

  it('refuse a file that cannot be read', () => {
    const folder = join(directory, 'folder');
    mkdirSync(join(folder, '.env'), { recursive: true });
    assert.throws(() => readConfig({ environment: {}, directory: folder }), ConfigError);
  });
});

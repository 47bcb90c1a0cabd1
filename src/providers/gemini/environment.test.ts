import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { geminiEnvironment } from './environment.ts';

const home = {
  directory: '/h',
  systemFile: '/h/system.md',
  responsesFile: '/h/r',
  experimentsFile: '/h/e',
  programsDirectory: '/h/bin',
  workDirectory: '/h/work',
};
const login = {
  method: 'gemini-api-key' as const,
  payer: 'the key',
  variables: { GEMINI_API_KEY: 'key' },
  files: [],
};

describe('geminiEnvironment', () => {
  it('has a home of its own and the login, and nothing else of ours', () => {
    const ours = { PATH: '/bin', HOME: '/home/me', XDG_CONFIG_HOME: '/c', AWS_SECRET: 's', GEMINI_MODEL: 'auto' };
    assert.deepEqual(geminiEnvironment(ours, login, home), {
      PATH: '/h/bin',
      HOME: '/h',
      TMPDIR: '/h/tmp',
      GEMINI_API_KEY: 'key',
      GEMINI_CLI_HOME: '/h',
      GEMINI_EXP: '/h/e',
      GEMINI_SYSTEM_MD: '/h/system.md',
      GEMINI_CLI_NO_RELAUNCH: '1',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_BROWSER: 'true',
      NO_PROXY: '127.0.0.1',
    });
  });

  it('finds the tools of a cloud where that is the login', () => {
    assert.equal(geminiEnvironment({ PATH: '/usr/bin' }, { ...login, method: 'vertex-ai' }, home).PATH, '/usr/bin');
  });

  it('leaves its maker’s wishes to a Google login', () => {
    assert.equal(geminiEnvironment({}, { ...login, method: 'oauth-personal' }, home).GEMINI_EXP, undefined);
  });

  it('keeps the way to the caller’s tools out of a proxy', () => {
    const proxied = (names: Record<string, string>) =>
      geminiEnvironment({ HTTPS_PROXY: 'http://proxy', ...names }, login, home);
    assert.equal(proxied({ NO_PROXY: 'a.example' }).NO_PROXY, 'a.example,127.0.0.1');
    const lower = proxied({ no_proxy: 'b.example' });
    assert.equal(lower.NO_PROXY, 'b.example,127.0.0.1');
    assert.equal(lower.no_proxy, undefined);
    assert.equal(lower.HTTPS_PROXY, 'http://proxy');
  });
});

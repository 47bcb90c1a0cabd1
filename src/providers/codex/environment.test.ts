import assert from 'node:assert/strict';
import { it } from 'node:test';
import { codexEnvironment } from './environment.ts';

const ours = {
  PATH: '/bin',
  HOME: '/home/someone',
  LANG: 'C',
  HTTPS_PROXY: 'http://proxy',
  CODEX_HOME: '/home/someone/.codex',
  CODEX_API_KEY: 'from elsewhere',
  CODEX_SQLITE_HOME: '/x',
  OPENAI_API_KEY: 'other',
  XDG_CONFIG_HOME: '/home/someone/.config',
  RUST_LOG: 'trace',
  LD_PRELOAD: 'x.so',
};

it('codexEnvironment has a home of its own, and a key only where there is one', () => {
  assert.deepEqual(codexEnvironment(ours, '/state/codex/default', undefined), {
    PATH: '/bin',
    LANG: 'C',
    HTTPS_PROXY: 'http://proxy',
    HOME: '/state/codex/default',
    CODEX_HOME: '/state/codex/default',
  });
  assert.equal(codexEnvironment(ours, '/state', 'sk-own').CODEX_API_KEY, 'sk-own');
});

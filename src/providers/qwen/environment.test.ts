import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qwenEnvironment } from './environment.ts';

describe('qwenEnvironment', () => {
  it('holds the login, folders of its own, and nothing else of ours', () => {
    const ours = {
      PATH: '/bin',
      HOME: '/home/operator',
      XDG_CONFIG_HOME: '/home/operator/.config',
      HTTPS_PROXY: 'http://proxy:1',
      OPENAI_API_KEY: 'ours',
      NODE_OPTIONS: '--require=x',
      QWEN_CODE_SYSTEM_SETTINGS_PATH: '/x',
    };
    const folders = {
      home: '/w/home',
      settings: '/w/settings',
      runtime: '/w/run',
      temporary: '/w/tmp',
      systemFile: '/w/s',
    };
    const environment = qwenEnvironment(ours, { login: { variables: { OWN_KEY: 'k' } }, folders, timeoutMs: 5 });
    assert.equal(environment.OWN_KEY, 'k');
    assert.equal(environment.HOME, '/w/home');
    assert.equal(environment.QWEN_HOME, '/w/settings');
    assert.equal(environment.HTTPS_PROXY, 'http://proxy:1');
    assert.equal(environment.QWEN_CODE_API_TIMEOUT_MS, '5');
    for (const name of ['XDG_CONFIG_HOME', 'OPENAI_API_KEY', 'NODE_OPTIONS', 'QWEN_CODE_SYSTEM_SETTINGS_PATH']) {
      assert.equal(name in environment, false, name);
    }
  });
});

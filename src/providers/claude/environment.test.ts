import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claudeEnvironment, isOn } from './environment.ts';

const ours = {
  PATH: '/bin',
  HOME: '/home/someone',
  ANTHROPIC_API_KEY: 'key',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
  CLAUDE_CONFIG_DIR: '/config',
  AWS_SECRET_ACCESS_KEY: 'aws',
  GOOGLE_APPLICATION_CREDENTIALS: '/gcp.json',
  CLOUD_ML_REGION: 'here',
  OPENAI_API_KEY: 'other',
  API_KEY: 'of our own server',
  CLAUDECODE: '1',
  CLAUDE_CODE_MAX_OUTPUT_TOKENS: '7',
  CLAUDE_CODE_MAX_RETRIES: '99',
  NODE_OPTIONS: '--require ./x.js',
};

describe('claudeEnvironment', () => {
  it("hands on what is Claude Code's business and no other secret", () => {
    const environment = claudeEnvironment(ours, 1_234);
    for (const name of ['PATH', 'HOME', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CONFIG_DIR'] as const) {
      assert.equal(environment[name], ours[name]);
    }
    for (const name of [
      'AWS_SECRET_ACCESS_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'CLOUD_ML_REGION',
      'OPENAI_API_KEY',
      'API_KEY',
      'CLAUDECODE',
      'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
      'CLAUDE_CODE_USE_BEDROCK',
      'NODE_OPTIONS',
    ]) {
      assert.equal(environment[name], undefined, name);
    }
    assert.equal(environment.API_TIMEOUT_MS, '1234');
  });

  it("sets its own locks, whatever the server's environment says", () => {
    const environment = claudeEnvironment(ours, 1);
    assert.notEqual(environment.CLAUDE_CODE_MAX_RETRIES, '99');
    for (const lock of [
      'CLAUDE_CODE_DISABLE_ATTACHMENTS',
      'CLAUDE_CODE_DISABLE_CLAUDE_MDS',
      'CLAUDE_CODE_DISABLE_AUTO_MEMORY',
      'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
      'CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK',
      'CLAUDE_AGENT_SDK_MCP_NO_PREFIX',
    ]) {
      assert.equal(environment[lock], '1', lock);
    }
  });

  it("hands a cloud's credentials on only where that cloud is switched on, by 1 or true", () => {
    for (const on of ['1', 'true', 'TRUE']) {
      const bedrock = claudeEnvironment({ ...ours, CLAUDE_CODE_USE_BEDROCK: on }, 1);
      assert.equal(bedrock.CLAUDE_CODE_USE_BEDROCK, '1');
      assert.equal(bedrock.AWS_SECRET_ACCESS_KEY, 'aws');
      assert.equal(bedrock.GOOGLE_APPLICATION_CREDENTIALS, undefined);
      const vertex = claudeEnvironment({ ...ours, CLAUDE_CODE_USE_VERTEX: on }, 1);
      assert.equal(vertex.CLAUDE_CODE_USE_VERTEX, '1');
      assert.equal(vertex.GOOGLE_APPLICATION_CREDENTIALS, '/gcp.json');
      assert.equal(vertex.CLOUD_ML_REGION, 'here');
      assert.equal(vertex.AWS_SECRET_ACCESS_KEY, undefined);
    }
    const off = claudeEnvironment({ ...ours, CLAUDE_CODE_USE_BEDROCK: '0', CLAUDE_CODE_USE_VERTEX: 'false' }, 1);
    assert.equal(off.CLAUDE_CODE_USE_BEDROCK, undefined);
    assert.equal(off.CLAUDE_CODE_USE_VERTEX, undefined);
    assert.equal(off.AWS_SECRET_ACCESS_KEY, undefined);
  });
});

describe('isOn', () => {
  it('takes 1 and true for yes', () => {
    assert.deepEqual(['1', 'true', 'True', '0', 'false', '', 'yes', undefined].map(isOn), [
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

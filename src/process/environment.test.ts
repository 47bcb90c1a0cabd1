import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childEnvironment } from './environment.ts';

describe('childEnvironment', () => {
  it('passes what every program needs, what is allowed by name or prefix, and nothing else', () => {
    const ours = {
      PATH: '/bin',
      HOME: '/home/someone',
      DATABASE_PASSWORD: 'secret',
      TOOL_KEY: 'key',
      TOOL_KEY_2: 'not named',
      CLOUD_REGION: 'here',
      CLOUD_ID: 'id',
    };
    assert.deepEqual(childEnvironment(ours, ['TOOL_KEY', 'CLOUD_*'], {}), {
      PATH: '/bin',
      HOME: '/home/someone',
      TOOL_KEY: 'key',
      CLOUD_REGION: 'here',
      CLOUD_ID: 'id',
    });
  });

  it('lets fixed settings win and leaves out what is empty', () => {
    const ours = { HOME: '/home/someone', LANG: '', TOOL_KEY: '', TOOL_MODE: undefined };
    assert.deepEqual(childEnvironment(ours, ['TOOL_KEY', 'TOOL_MODE'], { HOME: '/else', FIXED: '1' }), {
      HOME: '/else',
      FIXED: '1',
    });
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { responseSettings, toResponseSettings } from './settings.ts';

const schema = z.object(responseSettings);

test('answers are kept in a file for thirty days, up to a gigabyte', () => {
  assert.deepEqual(toResponseSettings(schema.parse({})), {
    store: 'sqlite',
    maxAgeMs: 30 * 24 * 60 * 60 * 1000,
    maxBytes: 1024 ** 3,
  });
});

test('a store that there is not is refused', () => {
  const { error } = schema.safeParse({ RESPONSES_STORE: 'postgres' });
  assert.equal(error?.issues[0]?.message, 'must be sqlite, memory or off');
});

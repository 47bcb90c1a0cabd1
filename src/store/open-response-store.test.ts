import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openResponseStore } from './open-response-store.ts';

const home = mkdtempSync(join(tmpdir(), 'response-store-'));
after(() => rmSync(home, { recursive: true, force: true }));
const limits = { maxAgeMs: 1_000, maxBytes: 1_000 };

test('only a store in a file leaves one, and only its owner can read it', () => {
  const file = join(home, 'responses.sqlite');
  assert.equal(openResponseStore(home, { store: 'off', ...limits }), undefined);
  openResponseStore(home, { store: 'memory', ...limits })?.[Symbol.dispose]();
  assert.equal(existsSync(file), false);
  openResponseStore(home, { store: 'sqlite', ...limits })?.[Symbol.dispose]();
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('the command line is read', () => {
  const line = ['--cli', 'gemini,codex', '--rounds', '3', '--seconds', '60', '--json', 'out.json', '--svg', 'out.svg'];
  const { subjects = [], ...options } = readOptions([...line, '--check']) ?? {};
  assert.deepEqual(options, { rounds: 3, seconds: 60, json: 'out.json', svg: 'out.svg', check: true });
  assert.deepEqual([...new Set(subjects.map(({ cli }) => cli))], ['codex', 'gemini']);
  assert.equal(readOptions(['--help']), undefined);
});

test('every CLI is measured when none is named', () => {
  const { subjects = [] } = readOptions([]) ?? {};
  assert.deepEqual([...new Set(subjects.map(({ cli }) => cli))], ['claude', 'codex', 'gemini', 'qwen']);
});

test('what cannot be read is named', () => {
  assert.throws(() => readOptions(['--rounds', '0']), /--rounds takes a whole number/);
  assert.throws(() => readOptions(['--seconds', 'ten']), /--seconds takes a whole number/);
  assert.throws(() => readOptions(['--cli', 'codex,emacs']), /not "emacs"/);
  assert.throws(() => readOptions(['--fast']), /--fast/);
});

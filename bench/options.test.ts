import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

const cli = ['--cli', process.execPath];

test('the command line is read', () => {
  const options = readOptions(['--rounds', '3', '--json', 'out.json', '--check', ...cli]);
  assert.deepEqual(options, { rounds: 3, json: 'out.json', check: true, cli: process.execPath });
  assert.equal(readOptions(['--help', ...cli]), undefined);
});

test('what cannot be read is named', () => {
  assert.throws(() => readOptions(['--rounds', '0', ...cli]), /--rounds takes a whole number/);
  assert.throws(() => readOptions(['--cli', '/nowhere/claude']), /There is no Claude Code at \/nowhere\/claude/);
  assert.throws(() => readOptions(['--fast']), /--fast/);
});

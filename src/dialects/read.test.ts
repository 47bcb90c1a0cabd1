import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { GatewayError } from '../core/error.ts';
import { anyObject, checkNesting, listOf, quote, read } from './read.ts';

const schema = z.object({
  name: z.string().min(1),
  size: z.int().min(1).max(9).nullish(),
  flag: z.boolean().nullish(),
  word: z.enum(['a', 'b', 'c']).nullish(),
  inner: z.object({ list: listOf, map: anyObject }).nullish(),
});

function complaint(value: unknown, at = ''): [message: string, param: string | undefined] {
  try {
    read(schema, value, at);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return [error.message, error.param];
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

describe('read', () => {
  it('takes what it needs and leaves the rest', () => {
    const list = [1];
    const value = read(schema, { name: 'x', size: null, more: 1, inner: { list, map: {} } }, '');
    assert.deepEqual(value, { name: 'x', size: null, inner: { list, map: {} } });
    assert.equal(value.inner?.list, list);
  });

  it('says in one sentence which field is wrong and how', () => {
    assert.deepEqual(complaint(3), ['The request body must be an object, not 3.', undefined]);
    assert.deepEqual(complaint({}), ["'name' is required.", 'name']);
    assert.deepEqual(complaint({ name: '' }), ["'name' must not be empty.", 'name']);
    assert.deepEqual(complaint({ name: [] }), ["'name' must be a string, not an array.", 'name']);
    assert.deepEqual(complaint({ name: 'x', size: 0 }), ["'size' must be at least 1.", 'size']);
    assert.deepEqual(complaint({ name: 'x', size: 10 }), ["'size' must be at most 9.", 'size']);
    assert.deepEqual(complaint({ name: 'x', size: 1.5 }), ["'size' must be a whole number, not 1.5.", 'size']);
    assert.deepEqual(complaint({ name: 'x', flag: 'yes' }), ["'flag' must be true or false, not a string.", 'flag']);
    assert.deepEqual(complaint({ name: 'x', word: 'd' }), ["'word' must be 'a', 'b' or 'c', not 'd'.", 'word']);
    assert.deepEqual(complaint({ name: 'x', inner: {} }, 'm[2]'), [
      "'m[2].inner.list' is required.",
      'm[2].inner.list',
    ]);
    const inner = { list: {}, map: {} };
    assert.deepEqual(complaint({ name: 'x', inner }, 'm[2]'), [
      "'m[2].inner.list' must be an array.",
      'm[2].inner.list',
    ]);
  });

  it('quotes no more of a value than fits a sentence', () => {
    assert.equal(quote('x'.repeat(100)), `'${'x'.repeat(64)}…'`);
    assert.equal(quote(JSON.parse('1e999')), 'a number out of range');
  });

  it('refuses what is too deep to be written out again', () => {
    const nest = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    checkNesting(nest(200), 'a');
    assert.throws(() => checkNesting(nest(201), 'a'), { param: 'a' });
    assert.throws(() => checkNesting(nest(100_000), 'a'), { param: 'a' });
  });
});

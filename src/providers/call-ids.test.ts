import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallIds } from './call-ids.ts';

test('keeps an id that the API takes', () => {
  const ids = new CallIds();
  assert.equal(ids.call('toolu_01-a'), 'toolu_01-a');
  assert.equal(ids.result('toolu_01-a'), 'toolu_01-a');
});

test('gives a call and its result the same acceptable id', () => {
  const ids = new CallIds();
  const call = ids.call('functions.get_weather:0');
  assert.match(call, /^[A-Za-z0-9_-]+$/);
  assert.equal(ids.result('functions.get_weather:0'), call);
  assert.notEqual(ids.call('functions.get_weather:1'), call);
});

test('shortens an id that is too long, and tells long ones apart', () => {
  const ids = new CallIds();
  const [first, second] = [`${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`];
  const call = ids.call(first);
  assert.ok(call.length <= 60);
  assert.equal(ids.result(first), call);
  assert.notEqual(ids.call(second), call);
});

test('tells calls apart that use one id again', () => {
  const ids = new CallIds();
  const first = [ids.call('call_0'), ids.result('call_0')];
  const second = [ids.call('call_0'), ids.result('call_0')];
  assert.deepEqual(first, ['call_0', 'call_0']);
  assert.deepEqual(second, ['call_0-2', 'call_0-2']);
});

test('keeps an id away from another one that it only adds a number to', () => {
  const ids = new CallIds();
  ids.call('x');
  const call = ids.call('x_2');
  assert.doesNotMatch(call, /^x/);
  assert.equal(ids.result('x_2'), call);
  assert.equal(ids.call('y_2'), 'y_2');
});

test('keeps the id of a result whose call is not part of what is told', () => {
  assert.equal(new CallIds().result('toolu_1'), 'toolu_1');
});

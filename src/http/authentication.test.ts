import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthentication, unauthenticated } from './authentication.ts';

test('everybody is local where there are no keys, whatever dummy key is sent', () => {
  const authenticate = createAuthentication([]);
  assert.equal(authenticate({}), 'local');
  assert.equal(authenticate({ authorization: 'Bearer sk-dummy', 'x-api-key': 'dummy' }), 'local');
});

test('a key is taken from any of the three headers', () => {
  const authenticate = createAuthentication(['first', 'second']);
  const first = authenticate({ authorization: 'Bearer first' });
  assert.match(first ?? '', /^key-[0-9a-f]{12}$/);
  assert.equal(authenticate({ authorization: 'bearer  first ' }), first);
  assert.equal(authenticate({ 'x-api-key': 'first' }), first);
  assert.equal(authenticate({ 'x-goog-api-key': 'first' }), first);
  assert.equal(authenticate({ authorization: 'Bearer dummy', 'x-api-key': 'first' }), first);
  assert.equal(createAuthentication(['first'])({ 'x-api-key': 'first' }), first);
  assert.notEqual(authenticate({ 'x-api-key': 'second' }), first);
});

test('anything else is nobody', () => {
  const authenticate = createAuthentication(['first']);
  for (const headers of [
    {},
    { authorization: '' },
    { authorization: 'first' },
    { authorization: 'Basic first' },
    { authorization: 'Bearer firs' },
    { authorization: 'Bearer first second' },
    { 'x-api-key': '' },
    { 'x-api-key': 'FIRST' },
    { 'x-api-key': 'first, first' },
  ]) {
    assert.equal(authenticate(headers), undefined, JSON.stringify(headers));
  }
});

test('the refusal tells a missing key from a wrong one and repeats neither', () => {
  assert.match(unauthenticated({}).message, /needed/);
  const wrong = unauthenticated({ authorization: 'Bearer wrong-key' });
  assert.match(wrong.message, /not valid/);
  assert.doesNotMatch(wrong.message, /wrong-key/);
});

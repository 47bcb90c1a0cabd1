import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../core/error.ts';
import { parseJsonBody } from './json-body.ts';

function refusal(body: string): string {
  try {
    parseJsonBody(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.kind, 'invalid-request');
    assert.equal(error.cause, undefined);
    return error.message;
  }
  assert.fail('was accepted');
}

const faults: [body: string, line: number, column: number][] = [
  ['secret', 1, 1],
  ['{"a": secret}', 1, 7],
  ['{"a": 1,\n "b": secret}', 2, 7],
  ['{"a": 1 "secret"}', 1, 9],
  ['{"a": 1,}', 1, 9],
  ['{secret: 1}', 1, 2],
  ['{"a" 1}', 1, 6],
  ['[1, 2,]', 1, 7],
  ['[,1]', 1, 2],
  ['{"a": [1, 2}', 1, 12],
  ['{} secret', 1, 4],
  ['{"a": "secret', 1, 14],
  ['{"a": "sec\nret"}', 1, 11],
  ['{"a": "sec\\xret"}', 1, 11],
  ['{"a": "\\\\"x}', 1, 11],
  ['{"a": 01}', 1, 7],
  ['{"a": 1.}', 1, 7],
  ['{"a": truex}', 1, 7],
  ['{"a": NaN}', 1, 7],
  ['{"a": {"b": [1, {"c": "ü \u007f \\u00e9 \\"ok\\""}, }', 1, 45],
  ['{"a": 1', 1, 8],
  ["{'secret': 1}", 1, 2],
];

for (const [body, line, column] of faults) {
  test(`says where ${JSON.stringify(body)} stops being JSON, without quoting it`, () => {
    assert.throws(() => JSON.parse(body));
    assert.equal(refusal(body), `The request body is not valid JSON at line ${line}, column ${column}.`);
  });
}

test('finds the fault in a deep and in a large body', () => {
  assert.match(refusal('['.repeat(1_000_000)), /line 1, column 1000001\./);
  assert.match(refusal(`{"a": "${'\\n'.repeat(1_000_000)}" x`), /line 1, column 2000010\./);
});

test('refuses an empty body', () => {
  assert.match(refusal(''), /no body/);
  assert.match(refusal(' \n'), /no body/);
});

test('takes a byte order mark, deep nesting and any value', () => {
  assert.deepEqual(parseJsonBody('\ufeff{"a":[1]}'), { a: [1] });
  assert.equal(parseJsonBody('null'), null);
  assert.ok(parseJsonBody(`${'['.repeat(100_000)}"__proto__"${']'.repeat(100_000)}`));
});

test('refuses a key that is the prototype, however it is spelled and wherever it stands', () => {
  for (const body of [
    '{"__proto__": 1}',
    '{"a": [{"\\u005f_proto__": {}}]}',
    '{"a": null, "_\\u005F\\u0070roto__": {}}',
  ]) {
    assert.match(refusal(body), /__proto__/);
  }
});

test('lets text about prototypes and a property named constructor through', () => {
  const value = { content: 'set "__proto__" aside', constructor: { prototype: 1 } };
  assert.deepEqual(parseJsonBody(JSON.stringify(value)), value);
});

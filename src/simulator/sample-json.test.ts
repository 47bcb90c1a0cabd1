import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleJson } from './sample-json.ts';

const cases: readonly [name: string, schema: unknown, sample: unknown][] = [
  [
    'required properties only',
    {
      type: 'object',
      required: ['name', 'age', 'ok', 'none'],
      properties: {
        name: { type: 'string' },
        age: { type: 'integer', minimum: 18 },
        ok: { type: 'boolean' },
        none: { type: 'null' },
        more: { type: 'string' },
      },
    },
    { name: 'simulated', age: 18, ok: true, none: null },
  ],
  ['const and enum', { type: 'array', minItems: 1, items: { enum: ['b', 'c'] } }, ['b']],
  ['const', { const: 7 }, 7],
  ['the first branch', { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }] }, 0.5],
  ['the first type', { type: ['string', 'null'], minLength: 12 }, 'simulated...'],
  ['references', { $ref: '#/$defs/item', $defs: { item: { type: 'string', format: 'date' } } }, '2025-01-01'],
  ['no more items than asked', { type: 'array', items: { type: 'string' } }, []],
  [
    'all of several',
    {
      allOf: [
        { type: 'object', required: ['a'], properties: { a: { const: 1 } } },
        { properties: { b: { const: 2 } }, required: ['b'] },
      ],
    },
    { a: 1, b: 2 },
  ],
];
for (const [name, schema, sample] of cases) {
  test(`sample: ${name}`, () => assert.deepEqual(sampleJson(schema), sample));
}

test('a schema that holds itself ends', () => {
  const node = { type: 'object', required: ['next'], properties: { next: { $ref: '#' } } };
  assert.match(JSON.stringify(sampleJson(node)), /^\{"next":.*null/);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toJsonSchema } from './schema.ts';

describe('a schema of the API', () => {
  it('becomes a JSON schema: types, nothing, numbers as text, examples and order', () => {
    const schema = {
      type: 'OBJECT',
      title: 'Place',
      description: 'Somewhere.',
      properties: {
        type: { type: 'STRING', format: 'enum', enum: ['A', 'B'], nullable: true },
        sizes: { type: 'ARRAY', items: { type: 'NUMBER', minimum: 0.5 }, min_items: '1', maxItems: 3 },
        level: { type: 'INTEGER', enum: ['1', '2'], example: 1 },
        any: { anyOf: [{ type: 'BOOLEAN' }, { type: 'NULL' }], nullable: true },
        free: { type: 'TYPE_UNSPECIFIED' },
        nullable: { type: 'string', nullable: false },
      },
      required: ['type'],
      property_ordering: ['free', 'sizes'],
    };
    const converted = toJsonSchema(schema);
    assert.deepEqual(converted, {
      type: 'object',
      title: 'Place',
      description: 'Somewhere.',
      properties: {
        type: { type: ['string', 'null'], enum: ['A', 'B', null] },
        sizes: { type: 'array', items: { type: 'number', minimum: 0.5 }, minItems: 1, maxItems: 3 },
        level: { type: 'integer', enum: [1, 2], examples: [1] },
        any: { anyOf: [{ type: 'boolean' }, { type: 'null' }, { type: 'null' }] },
        free: {},
        nullable: { type: 'string' },
      },
      required: ['type'],
    });
    assert.deepEqual(Object.keys(converted.properties as object), [
      'free',
      'sizes',
      'type',
      'level',
      'any',
      'nullable',
    ]);
  });

  it('stays as it is where it is a JSON schema already', () => {
    const schema = {
      type: ['object', 'null'],
      $defs: { kind: { const: 'NULL', default: { type: 'OBJECT' } } },
      properties: { kind: { $ref: '#/$defs/kind' }, tags: { prefixItems: [{ enum: ['OBJECT', 'x'] }] } },
      additionalProperties: { type: 'string', minLength: 2, format: 'date' },
      required: ['kind'],
    };
    assert.deepEqual(toJsonSchema(schema), schema);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strictSchema } from './strict-schema.ts';

describe('strictSchema', () => {
  it('closes every object, wherever it stands, and changes nothing else of it', () => {
    const point = { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] };
    const closed = { ...point, additionalProperties: false };
    const schema = {
      type: 'object',
      properties: { a: point, list: { type: 'array', items: point }, either: { anyOf: [point, { type: 'null' }] } },
      $defs: { point },
    };
    assert.deepEqual(strictSchema(schema), {
      type: 'object',
      additionalProperties: false,
      properties: { a: closed, list: { type: 'array', items: closed }, either: { anyOf: [closed, { type: 'null' }] } },
      $defs: { point: closed },
    });
    assert.equal('additionalProperties' in point, false);
    assert.deepEqual(strictSchema({ type: 'object', additionalProperties: true }), {
      type: 'object',
      additionalProperties: false,
    });
  });

  it('says in words what the API cannot enforce', () => {
    assert.deepEqual(strictSchema({ type: 'string', description: 'A name', minLength: 2, maxLength: 9 }), {
      type: 'string',
      description: 'A name (minLength: 2, maxLength: 9)',
    });
    assert.deepEqual(strictSchema({ type: 'array', minItems: 1, maxItems: 3 }), {
      type: 'array',
      minItems: 1,
      description: '(maxItems: 3)',
    });
    assert.deepEqual(strictSchema({ type: 'array', minItems: 2 }), { type: 'array', description: '(minItems: 2)' });
  });

  it('leaves values, and properties that are named like keywords, alone', () => {
    const schema = {
      type: 'object',
      properties: { minimum: { type: 'number' }, $schema: { type: 'string' }, enum: { type: 'string' } },
      required: ['minimum'],
      additionalProperties: false,
    };
    assert.deepEqual(strictSchema(schema), schema);
    const values = { enum: [{ type: 'object', minimum: 1 }], default: { oneOf: 1 }, const: { $schema: 1 } };
    assert.deepEqual(strictSchema(values), values);
  });

  it('drops the dialect and takes oneOf for anyOf', () => {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', oneOf: [{ type: 'string' }] };
    assert.deepEqual(strictSchema(schema), { anyOf: [{ type: 'string' }] });
  });
});

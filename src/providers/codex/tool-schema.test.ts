import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toolSchema } from './tool-schema.ts';

describe('toolSchema', () => {
  it('keeps what reaches the model', () => {
    const schema = {
      type: 'object',
      description: 'A trip',
      properties: {
        stops: { type: 'array', items: { $ref: '#/$defs/stop' }, minItems: 1 },
        extra: { type: 'object', additionalProperties: { type: 'number' } },
        way: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['stops'],
      additionalProperties: false,
      $defs: { stop: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    };
    assert.deepEqual(toolSchema(schema), schema);
  });

  it('tells in the description what Codex would drop', () => {
    const schema = toolSchema({
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Its name', pattern: '^[A-Z]', maxLength: 9 },
        pair: { type: 'array', prefixItems: [{ type: 'string' }], items: false },
        old: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] },
        when: { type: 'string', format: 'date', default: '2026-01-01', examples: ['2026-01-02'], title: 'When' },
      },
      minProperties: 1,
    });
    assert.deepEqual(schema, {
      type: 'object',
      description: '(minProperties: 1)',
      properties: {
        name: { type: 'string', description: 'Its name (pattern: "^[A-Z]", maxLength: 9)' },
        pair: { type: 'array', description: '(prefixItems: [{"type":"string"}])' },
        old: { type: 'array', description: '(items: [{"type":"string"},{"type":"number"}])' },
        when: { type: 'string', description: '(format: "date", default: "2026-01-01")' },
      },
    });
  });

  it('says the type of a choice, which Codex would take for texts', () => {
    const { properties } = toolSchema({
      properties: {
        pace: { enum: ['slow', null] },
        count: { enum: [1, 2] },
        only: { const: 3.5 },
        kind: { const: 'a' },
      },
    });
    assert.deepEqual(properties, {
      pace: { enum: ['slow', null], type: ['string', 'null'] },
      count: { enum: [1, 2], type: 'integer' },
      only: { enum: [3.5], type: 'number' },
      kind: { enum: ['a'], type: 'string' },
    });
  });

  it('makes an object of what says nothing, and anything of a bare yes', () => {
    assert.deepEqual(toolSchema({}), { type: 'object' });
    assert.deepEqual(toolSchema({ type: 'object', properties: { any: true } }), {
      type: 'object',
      properties: { any: {} },
    });
    assert.deepEqual(toolSchema({ $schema: 'x', $id: 'y', type: 'object' }), { type: 'object' });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enforcedSchema, schemaInstruction } from './answer-schema.ts';

const format = (schema: Record<string, unknown>, strict: boolean) => ({
  kind: 'json-schema' as const,
  name: 'answer',
  schema,
  strict,
});
const city = { type: 'object', properties: { name: { type: 'string' }, people: { type: 'integer' } } };

describe('enforcedSchema', () => {
  it('leaves a strict schema as it is', () => {
    const schema = { ...city, required: ['name', 'people'], additionalProperties: false };
    assert.deepEqual(enforcedSchema(format(schema, true)), schema);
  });

  it('closes the objects that were left open, at every depth', () => {
    const schema = { type: 'object', properties: { city, list: { type: 'array', items: city } } };
    const closed = { ...city, additionalProperties: false };
    assert.deepEqual(enforcedSchema(format(schema, true)), {
      type: 'object',
      properties: { city: closed, list: { type: 'array', items: closed } },
      additionalProperties: false,
    });
  });

  it('leaves values alone', () => {
    const schema = { type: 'object', properties: { a: { const: { properties: {} } } }, required: ['a'] };
    const { properties } = enforcedSchema(format(schema, false)) as typeof schema;
    assert.deepEqual(properties, schema.properties);
  });

  it('does not enforce a schema that may leave members out, unless it is meant strictly', () => {
    assert.equal(enforcedSchema(format({ ...city, required: ['name'] }, false)), undefined);
    const inner = { type: 'object', properties: { city }, required: ['city'] };
    assert.equal(enforcedSchema(format(inner, false)), undefined);
    assert.notEqual(enforcedSchema(format({ ...city, required: ['name', 'people'] }, false)), undefined);
    assert.notEqual(enforcedSchema(format({ ...city, required: ['name'] }, true)), undefined);
  });
});

describe('schemaInstruction', () => {
  it('holds the schema', () => {
    assert.ok(schemaInstruction(city).endsWith(JSON.stringify(city)));
  });
});

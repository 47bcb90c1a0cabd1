import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { finish, request, scriptedGenerate } from '../../test/support/scripted-generate.ts';
import type { StreamEvent } from '../core/event.ts';
import type { JsonSchema } from '../core/tool.ts';
import { jsonSchema } from './json-schema.ts';

const start: StreamEvent = { type: 'start', model: 'm' };
const point = { type: 'object', properties: { x: { type: 'number', maximum: 9 } }, required: ['x'] };

function answer(schema: JsonSchema, events: StreamEvent[]) {
  const next = scriptedGenerate([start, ...events]);
  const asking = request({ outputFormat: { kind: 'json-schema', name: 'p', schema, strict: true } });
  return { next, events: Array.fromAsync(jsonSchema(next)(asking)) };
}
const says = (schema: JsonSchema, text: string) =>
  answer(schema, [
    { type: 'text-delta', text: text.slice(0, 3) },
    { type: 'text-delta', text: text.slice(3) },
    finish(),
  ]).events;

describe('jsonSchema', () => {
  it('lets the text through while it comes, and accepts what follows the schema', async () => {
    const events = await says(point, '{"x": 1}');
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start', 'text-delta', 'text-delta', 'finish'],
    );
    await says({ $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://x.example/p', ...point }, '{"x":1}');
  });

  it('fails at the end of an answer that breaks the schema or is no JSON, and says where', async () => {
    await assert.rejects(says(point, '{"x": 10}'), { kind: 'provider-failed', message: /answer\/x/ });
    await assert.rejects(says(point, '{"y": 1}'), { kind: 'provider-failed', message: /'x'/ });
    await assert.rejects(says(point, 'Sure! {"x": 1}'), { kind: 'provider-failed', message: /JSON/ });
    await assert.rejects(says(point, ''), { kind: 'provider-failed' });
  });

  it('refuses a schema that is none before anything is asked', async () => {
    for (const schema of [{ type: 'nonsense' }, { $ref: '#/$defs/missing' }]) {
      const { next, events } = answer(schema, [finish()]);
      await assert.rejects(events, { kind: 'invalid-request', parameter: 'outputFormat' });
      assert.equal(next.asked.length, 0);
    }
  });

  it('judges no call, refusal or cut answer', async () => {
    const call: StreamEvent[] = [
      { type: 'text-delta', text: 'Let me look' },
      { type: 'tool-call-start', index: 0, kind: 'function', id: 'c', name: 'f' },
    ];
    await answer(point, [...call, finish('tool-calls')]).events;
    await answer(point, [...call, finish()]).events;
    await answer(point, [{ type: 'refusal-delta', text: 'No' }, finish()]).events;
    await answer(point, [{ type: 'text-delta', text: '{"x"' }, finish('length')]).events;
    await answer(point, [{ type: 'text-delta', text: '{"x"' }, { ...finish(), stopSequence: '}' } as StreamEvent])
      .events;
  });

  it('leaves other requests alone', async () => {
    const next = scriptedGenerate([start, { type: 'text-delta', text: 'hello' }, finish()]);
    assert.equal((await Array.fromAsync(jsonSchema(next)(request()))).length, 3);
  });

  it("runs no regular expression of the caller's", { timeout: 10_000 }, async () => {
    const evil = { type: 'object', properties: { s: { type: 'string', pattern: '^(a+)+$' } }, required: ['s'] };
    await says(evil, JSON.stringify({ s: `${'a'.repeat(40)}!` }));
    await says({ items: { pattern: '^(a+)+$' } }, JSON.stringify([`${'a'.repeat(40)}!`]));
  });

  it('takes keys that only look like keywords for what they are', async () => {
    const names = ['$id', '$schema', 'pattern', 'patternProperties'];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const schema = { type: 'object', properties, required: names, additionalProperties: false };
    await says(schema, JSON.stringify(Object.fromEntries(names.map((name) => [name, 'x']))));
    await assert.rejects(says(schema, '{"$id": "x"}'), { kind: 'provider-failed' });
    await says({ const: { pattern: 'a', $id: 'b' } }, '{"pattern": "a", "$id": "b"}');
    const odd = { additionalProperties: { type: 'string' }, type: { type: 'string' } };
    await says({ type: 'object', properties: odd, additionalProperties: false }, '{"type": "x"}');
    await says({ $defs: { pattern: { type: 'number' } }, items: { $ref: '#/$defs/pattern' } }, '[1]');
  });

  it('refuses a strict schema that leaves an object open: it could only ever be answered without those properties', async () => {
    const open = [
      { type: 'object' },
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true },
      { type: 'object', properties: { m: { type: 'object', additionalProperties: { type: 'number' } } } },
      { type: 'object', patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    ];
    for (const schema of open) await assert.rejects(says(schema, '{}'), { kind: 'invalid-request', message: /strict/ });
  });

  it('knows a schema again that it has seen, and never one for the other', async () => {
    for (let round = 0; round < 2; round += 1) {
      await says(point, '{"x": 1}');
      await assert.rejects(says(point, '{"x": 10}'), { kind: 'provider-failed' });
      await says({ ...point, properties: { x: { type: 'number' } } }, '{"x": 10}');
      await assert.rejects(says({ type: 'nonsense' }, '{}'), { kind: 'invalid-request' });
    }
    for (let count = 0; count < 100; count += 1) {
      const schema = { type: 'object', properties: { x: { const: count } }, required: ['x'] };
      await says(schema, `{"x": ${count}}`);
      await assert.rejects(says(schema, '{"x": -1}'), { kind: 'provider-failed' });
    }
  });

  it('takes no time over a schema whose references multiply', { timeout: 5_000 }, async () => {
    const $defs: Record<string, JsonSchema> = { d0: { type: 'number' } };
    for (let level = 1; level <= 60; level += 1) {
      const below = { $ref: `#/$defs/d${level - 1}` };
      $defs[`d${level}`] = { allOf: [below, below] };
    }
    await says({ $defs, $ref: '#/$defs/d60' }, '1');
  });
});

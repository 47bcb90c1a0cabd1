import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { finish, request, scriptedGenerate, usage } from '../../test/support/scripted-generate.ts';
import type { StreamEvent } from '../core/event.ts';
import { jsonObject } from './json-object.ts';

const asking = request({ system: 'Be brief.', outputFormat: { kind: 'json-object' } });
const start: StreamEvent = { type: 'start', model: 'm' };
const text = (...pieces: string[]): StreamEvent[] => pieces.map((piece) => ({ type: 'text-delta', text: piece }));
const thought: StreamEvent = { type: 'reasoning-delta', text: 'Hm' };
const said = (events: StreamEvent[]) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('jsonObject', () => {
  it('lets every other request through as it is', async () => {
    const next = scriptedGenerate([start, ...text('a', 'b'), finish()]);
    const plain = request();
    assert.deepEqual(await Array.fromAsync(jsonObject(next)(plain)), [start, ...text('a', 'b'), finish()]);
    assert.equal(next.asked[0], plain);
  });

  it('asks for an object behind the system prompt, and passes one on', async () => {
    const next = scriptedGenerate([start, thought, ...text('{"a"', ': 1}'), finish()]);
    const events = await Array.fromAsync(jsonObject(next)(asking));
    assert.deepEqual(events, [start, thought, ...text('{"a": 1}'), finish()]);
    const [asked] = next.asked;
    assert.match(asked?.system ?? '', /^Be brief\.\n\n.*JSON/s);
    assert.equal(asked?.outputFormat, undefined);
    assert.deepEqual(asked?.messages, asking.messages);
    assert.equal(next.asked.length, 1);
  });

  it('takes the code fence off', async () => {
    const fenced = ['```json\n{"a": 1}\n```', '```\n{"a": 1}```', '  ```JSON {"a": 1}\n```\n'];
    for (const answer of fenced) {
      const next = scriptedGenerate([start, ...text(answer), finish()]);
      assert.equal(said(await Array.fromAsync(jsonObject(next)(asking))), '{"a": 1}', answer);
      assert.equal(next.asked.length, 1);
    }
  });

  it('asks once more for what is no object, and shows the second answer only', async () => {
    for (const wrong of ['Here you are: {"a":1}', '[1]', '"x"', 'null', '']) {
      const next = scriptedGenerate(
        [start, thought, ...text(wrong), finish()],
        [{ type: 'start', model: 'm' }, thought, ...text('{"a":2}'), finish()],
      );
      const events = await Array.fromAsync(jsonObject(next)(asking));
      assert.equal(said(events), '{"a":2}', wrong);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['start', 'reasoning-delta', 'reasoning-delta', 'text-delta', 'finish'],
      );
      const messages = next.asked[1]?.messages ?? [];
      assert.deepEqual(
        messages.map(({ role }) => role),
        ['user', 'assistant', 'user'],
      );
      assert.ok(messages[1]?.content.some((part) => part.type === 'text' && part.text === wrong));
    }
  });

  it('counts the tokens of both answers', async () => {
    const next = scriptedGenerate([start, ...text('no'), finish()], [start, ...text('{}'), finish()]);
    const events = await Array.fromAsync(jsonObject(next)(asking));
    assert.deepEqual(events.at(-1), {
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: usage.inputTokens * 2, outputTokens: usage.outputTokens * 2 },
    });
  });

  it('says that it failed when the second answer is no object either', async () => {
    const next = scriptedGenerate([start, ...text('no'), finish()], [start, ...text('still no'), finish()]);
    const events: StreamEvent[] = [];
    await assert.rejects(
      async () => {
        for await (const event of jsonObject(next)(asking)) events.push(event);
      },
      { kind: 'provider-failed' },
    );
    assert.deepEqual(events, []);
    assert.equal(next.asked.length, 2);
  });

  it('passes calls, refusals and cut answers as they are', async () => {
    const call = { kind: 'function' as const, id: 'c', name: 'f', arguments: '{}' };
    const answers: StreamEvent[][] = [
      [start, ...text('Let me look'), { type: 'tool-call-end', index: 0, call }, finish('tool-calls')],
      [start, { type: 'refusal-delta', text: 'No' }, finish()],
      [start, ...text('{"a":'), finish('length')],
      [start, ...text('I'), finish('content-filter')],
    ];
    for (const answer of answers) {
      const next = scriptedGenerate(answer);
      assert.deepEqual(await Array.fromAsync(jsonObject(next)(asking)), answer);
    }
  });

  it('passes a failure on, and does not take half an answer for a whole one', async () => {
    const broken = jsonObject(scriptedGenerate([start, new Error('broken')]))(asking);
    await assert.rejects(Array.fromAsync(broken), /broken/);
    const half = jsonObject(scriptedGenerate([start, ...text('{}')]))(asking);
    await assert.rejects(Array.fromAsync(half), { kind: 'provider-failed' });
  });

  it('is not slowed down by a flood of blanks', { timeout: 10_000 }, async () => {
    const flood = `\`\`\`json\n{"a": 1${' '.repeat(300_000)}}x`;
    const next = scriptedGenerate([start, ...text(flood), finish()], [start, ...text('{}'), finish()]);
    assert.equal(said(await Array.fromAsync(jsonObject(next)(asking))), '{}');
  });

  it('moves citations with the text when the code fence goes, and drops those of the fence', async () => {
    const answer = ' ```json\n{"a": "see https://x.example"}\n```';
    const at = answer.indexOf('https');
    const cite = (start: number, end: number): StreamEvent => ({
      type: 'citation',
      citation: { url: 'https://x.example', title: 'X', start, end },
    });
    const next = scriptedGenerate([
      start,
      ...text(answer.slice(0, 5), answer.slice(5)),
      cite(at, at + 17),
      cite(0, 6),
      cite(answer.length - 3, answer.length),
      finish(),
    ]);
    const events = await Array.fromAsync(jsonObject(next)(asking));
    const cited = events.flatMap((event) => (event.type === 'citation' ? event.citation : []));
    assert.deepEqual(
      cited.map((citation) => said(events).slice(citation.start, citation.end)),
      ['https://x.example'],
    );
  });

  it('takes whatever an open schema is for, and asks again for anything else', async () => {
    const open = { type: 'object' };
    const wanted: [schema: object, right: string, wrong: string][] = [
      [{ type: 'array', items: open }, '[{"a":1}]', '{"a":1}'],
      [{ type: ['integer', 'null'], $defs: { open } }, '7', '7.5'],
      [{ type: ['integer', 'null'], $defs: { open } }, 'null', '[]'],
      [{ anyOf: [open, { type: 'string' }] }, '"x"', 'x'],
      [open, '{}', '"a text"'],
    ];
    for (const [schema, right, wrong] of wanted) {
      const format = { kind: 'json-schema' as const, name: 'p', schema: { ...schema }, strict: false };
      const asks = async (...answers: string[]) => {
        const next = scriptedGenerate(...answers.map((answer) => [start, ...text(answer), finish()]));
        const events = await Array.fromAsync(jsonObject(next)(request({ outputFormat: format })));
        assert.equal(said(events), right, JSON.stringify(schema));
        assert.equal(next.asked.length, answers.length, JSON.stringify([schema, answers]));
      };
      await asks(right);
      await asks(`\`\`\`json\n${right}\n\`\`\``);
      await asks(wrong, right);
    }
  });

  it('leaves a schema that is none to those who refuse it', async () => {
    const schema = { type: 'nonsense', additionalProperties: true };
    const format = { kind: 'json-schema' as const, name: 'p', schema, strict: false };
    const next = scriptedGenerate([start, finish()]);
    await Array.fromAsync(jsonObject(next)(request({ outputFormat: format })));
    assert.equal(next.asked[0]?.outputFormat, format);
  });

  it('tells an open schema in words where it is not meant strictly', async () => {
    const schema = { type: 'object', additionalProperties: { type: 'number' } };
    const next = scriptedGenerate([
      { type: 'start', model: 'm' },
      { type: 'text-delta', text: '```json\n{"a": 1}\n```' },
      finish(),
    ]);
    const asking = request({ outputFormat: { kind: 'json-schema', name: 'p', schema, strict: false } });
    const events = await Array.fromAsync(jsonObject(next)(asking));
    assert.deepEqual(
      events.filter(({ type }) => type === 'text-delta'),
      [{ type: 'text-delta', text: '{"a": 1}' }],
    );
    assert.equal(next.asked[0]?.outputFormat, undefined);
    assert.match(next.asked[0]?.system ?? '', /additionalProperties/);
  });
});

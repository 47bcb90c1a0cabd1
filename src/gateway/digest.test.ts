import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from '../../test/support/scripted-generate.ts';
import type { AssistantMessage, AssistantPart, Message, UserPart } from '../core/message.ts';
import type { GenerateRequest } from '../core/request.ts';
import { digests, extendDigest } from './digest.ts';

const binding = { caller: 'me', provider: 'p', account: 'default', web: false };
const [question] = request().messages as [Message];
const answer = (...content: AssistantPart[]): AssistantMessage => ({ role: 'assistant', content });
const text = (value: string) => ({ type: 'text' as const, text: value });
const call = (args: string, id = 'c1', name = 'f', kind: 'function' | 'custom' = 'function'): AssistantPart => ({
  type: 'tool-call',
  call: { kind, id, name, arguments: args },
});

/** Whether the client's echo of an answer is known again. */
function knows(given: AssistantMessage, echo: AssistantMessage): boolean {
  const held = extendDigest(digests(binding, request()).at(-1) as string, given);
  const next: Message = { role: 'user', content: [text('And then?')] };
  return digests(binding, request({ messages: [question, echo, next] }))[2] === held;
}

describe('digests', () => {
  it('has an entry for each beginning, the same for the same beginning', () => {
    const longer = digests(binding, request({ messages: [question, answer(text('a')), question] }));
    assert.equal(longer.length, 4);
    assert.equal(new Set(longer).size, 4);
    assert.deepEqual(digests(binding, request()), longer.slice(0, 2));
  });

  it("knows a client's echo of an answer, however it was spelt", () => {
    const given = answer({ type: 'reasoning', text: 'hm', origin: 'x' }, text('\nHello '), text('there\n'));
    assert.ok(knows(given, answer(text('Hello there'))));
    assert.ok(knows(given, answer(text('Hello'), text(' there'))));
    assert.ok(knows(given, given));
    assert.ok(knows(answer(call('{"b":[{"y":1,"x":2}],"a":1}')), answer(call('{ "a": 1, "b": [ {"x":2,"y":1} ] }'))));
    assert.ok(knows(answer(call('{}')), answer(call(''))));
    assert.ok(knows(answer(call('not json')), answer(call('not json'))));
    assert.ok(knows(answer({ type: 'refusal', text: 'No' }), answer(text('No'))));
    assert.ok(knows(answer(text('Let me look.'), call('{}')), answer(call('{}'), text('Let me look.'))));
  });

  it('does not know an echo that says something else', () => {
    assert.ok(!knows(answer(text('Hello')), answer(text('Hello!'))));
    assert.ok(!knows(answer(text('Hello there')), answer(text('Hellothere'))));
    assert.ok(!knows(answer(call('{"a":1}')), answer(call('{"a":2}'))));
    assert.ok(!knows(answer(call('{"a":[1,2]}')), answer(call('{"a":[2,1]}'))));
    assert.ok(!knows(answer(call('{}')), answer(call('{}', 'c2'))));
    assert.ok(!knows(answer(call('{}')), answer(call('{}', 'c1', 'g'))));
    assert.ok(!knows(answer(call('{}')), answer()));
    assert.ok(!knows(answer(call('{}', 'c1'), call('{}', 'c2')), answer(call('{}', 'c2'), call('{}', 'c1'))));
  });

  it('tells conversations apart by everything that a session is bound to', () => {
    const tool = { kind: 'function' as const, name: 'f', parameters: {} };
    const base = digests(binding, request()).at(-1);
    const others: [Partial<typeof binding>, Partial<GenerateRequest>][] = [
      [{ caller: 'you' }, {}],
      [{ provider: 'q' }, {}],
      [{ account: 'other' }, {}],
      [{ web: true }, {}],
      [{}, { system: 'Be brief.' }],
      [{}, { tools: [tool] }],
      [{}, { messages: [{ role: 'system', content: [text('Hi')] }] }],
      [{}, { messages: [{ role: 'user', content: [text('Hi'), text('')] }] }],
    ];
    const seen = others.map(([bound, fields]) => digests({ ...binding, ...bound }, request(fields)).at(-1));
    assert.equal(new Set([base, ...seen]).size, others.length + 1);
  });

  it('tells images, files and sounds apart by their bytes and by what they are', () => {
    const parts: UserPart[] = [
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAB' } },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/gif', data: 'AAAA' } },
      { type: 'image', source: { kind: 'url', url: 'https://x.example/a.png' } },
      { type: 'file', mediaType: 'application/pdf', data: 'AAAA' },
      { type: 'file', mediaType: 'application/pdf', data: 'AAAB' },
      { type: 'audio', format: 'wav', data: 'AAAA' },
    ];
    const seen = parts.map((part) => extendDigest('', { role: 'user', content: [part] }));
    assert.equal(new Set(seen).size, parts.length);
    assert.equal(extendDigest('', { role: 'user', content: [structuredClone(parts[0] as UserPart)] }), seen[0]);
  });

  it('lets settings of a single turn differ', () => {
    const base = digests(binding, request()).at(-1);
    assert.equal(digests(binding, request({ model: 'other', temperature: 1, effort: 'low' })).at(-1), base);
  });

  it('tells results of tools apart by call, content and failure', () => {
    const result = (fields: object) => ({ role: 'tool', callId: 'c1', content: [text('x')], ...fields }) as Message;
    const of = (message: Message) => extendDigest('', message);
    const results = [{}, { callId: 'c2' }, { content: [text('y')] }, { isError: true }].map((one) => of(result(one)));
    assert.equal(new Set(results).size, 4);
    assert.equal(of(result({ isError: false })), results[0]);
  });
});

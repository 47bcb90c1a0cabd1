import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { sealReasoning } from '../reasoning-seal.ts';
import { decode } from './decode.ts';

const read = (messages: unknown[], extra: object = {}) =>
  decode({ model: 'm', max_tokens: 10, messages, ...extra }, decodeContext).request;
const hello = { role: 'user', content: 'hi' };
const text = (value: string) => ({ type: 'text', text: value });
const call = (id: string) => ({ type: 'tool_use', id, name: 'f', input: { a: 1 } });
const result = (id: string, content?: unknown) => ({ type: 'tool_result', tool_use_id: id, content });
const say = (...content: object[]) => ({ role: 'assistant', content });
const rolesOf = (messages: unknown[]) => read(messages).messages.map(({ role }) => role);

describe('the conversation', () => {
  it('puts the results of tools before what the user says beside them', () => {
    const { messages } = read([
      hello,
      say(text('Let me see.'), call('call|1'), call('b')),
      { role: 'user', content: [text('Well?'), result('b', 'two'), { ...result('call|1'), is_error: true }] },
    ]);
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: [
          text('Let me see.'),
          { type: 'tool-call', call: { kind: 'function', id: 'call|1', name: 'f', arguments: '{"a":1}' } },
          { type: 'tool-call', call: { kind: 'function', id: 'b', name: 'f', arguments: '{"a":1}' } },
        ],
      },
      { role: 'tool', callId: 'b', content: [text('two')] },
      { role: 'tool', callId: 'call|1', content: [], isError: true },
      { role: 'user', content: [text('Well?')] },
    ]);
  });

  it('joins answers that follow each other', () => {
    const messages = [
      hello,
      say(call('a')),
      say(),
      say(call('b')),
      { role: 'user', content: [result('a'), result('b')] },
    ];
    assert.deepEqual(rolesOf(messages), ['user', 'assistant', 'tool', 'tool']);
  });

  it('takes system messages at the beginning for the system prompt, and leaves later ones in their place', () => {
    const { system, messages } = read(
      [{ role: 'system', content: 'Be kind.' }, hello, { role: 'system', content: [text('Now in French.')] }],
      { system: [text('Be brief.'), text('')] },
    );
    assert.equal(system, 'Be brief.\n\nBe kind.');
    assert.deepEqual(messages.at(-1), { role: 'system', content: [text('Now in French.')] });
    const alone = read([{ role: 'system', content: 'Say hi.' }]);
    assert.deepEqual([alone.system, alone.messages], [undefined, [{ role: 'user', content: [text('Say hi.')] }]]);
  });

  it('forgets a system message that was meant for one turn when the turn is over', () => {
    const passing = { role: 'system', content: 'Only now.', clear_at: 'next_user_message' };
    assert.deepEqual(rolesOf([hello, passing]), ['user', 'system']);
    assert.deepEqual(rolesOf([hello, passing, say(text('Hi.')), hello]), ['user', 'assistant', 'user']);
  });

  it('takes the line of the API’s accounting for no instruction', () => {
    const line = 'x-anthropic-billing-header: cc_version=1; cc_entrypoint=cli;';
    assert.equal(read([hello], { system: [text(line), text('Be brief.')] }).system, 'Be brief.');
    assert.equal(read([hello], { system: [text(line)] }).system, undefined);
    assert.match(read([hello], { system: `Explain: ${line}` }).system ?? '', /billing/);
  });

  it('keeps whose reasoning it is: by its seal, else the API’s own', () => {
    const seal = sealReasoning({ origin: 'other', signature: 's', encrypted: 'e' }) ?? '';
    const hidden = sealReasoning({ origin: 'other', signature: 's', text: 'Unseen.' }) ?? '';
    const { messages } = read([
      hello,
      say(
        { type: 'thinking', thinking: 'Mine.', signature: 'c2ln' },
        { type: 'thinking', thinking: 'Sealed.', signature: seal },
        { type: 'thinking', thinking: '', signature: hidden },
        { type: 'thinking', thinking: 'Unsigned.', signature: '' },
        { type: 'thinking', thinking: '', signature: '' },
        { type: 'redacted_thinking', data: 'ZW5j' },
        { type: 'redacted_thinking', data: seal },
      ),
    ]);
    assert.deepEqual(messages[1]?.content, [
      { type: 'reasoning', text: 'Mine.', origin: 'anthropic', signature: 'c2ln' },
      { type: 'reasoning', text: 'Sealed.', origin: 'other', signature: 's', encrypted: 'e' },
      { type: 'reasoning', text: 'Unseen.', origin: 'other', signature: 's' },
      { type: 'reasoning', text: 'Unsigned.' },
      { type: 'reasoning', text: '', origin: 'anthropic', encrypted: 'ZW5j' },
      { type: 'reasoning', text: '', origin: 'other', signature: 's', encrypted: 'e' },
    ]);
  });

  it('tells in text what the API once did itself, without what only it can read', () => {
    const { messages } = read([
      hello,
      say(
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'news' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_1',
          content: [{ type: 'web_search_result', title: 'T', url: 'https://t', encrypted_content: 'secret' }],
        },
        text('So.'),
      ),
    ]);
    const said = JSON.stringify(messages[1]?.content);
    for (const word of ['news', 'https://t', 'So.']) assert.ok(said.includes(word), word);
    assert.ok(!said.includes('secret'));
  });

  it('words a broken pair of call and result as the API does', () => {
    assert.throws(() => read([hello, say(call('a')), hello]), {
      param: 'messages.1.content.0.id',
      message: /`tool_use` ids were found without `tool_result` blocks immediately after: a\./,
    });
    assert.throws(() => read([hello, { role: 'user', content: [result('x')] }]), {
      param: 'messages.1.content.0.tool_use_id',
      message: /unexpected `tool_use_id` found in `tool_result` blocks: x\./,
    });
  });
});

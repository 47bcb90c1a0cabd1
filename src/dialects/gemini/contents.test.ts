import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { tinyImages } from '../../../test/support/tiny-images.ts';
import { decode } from './decode.ts';

const png = tinyImages['image/png'];
const blob = (mimeType: string, data: string) => ({ inlineData: { mimeType, data } });
const text = (value: string) => ({ type: 'text', text: value });
const user = (...parts: unknown[]) => ({ role: 'user', parts });
const model = (...parts: unknown[]) => ({ role: 'model', parts });
const call = (name: string, id?: string) => ({ functionCall: { name, ...(id && { id }) } });
const result = (name: string, output: unknown, id?: string) => ({
  functionResponse: { name, response: { output }, ...(id && { id }) },
});
const operation = (contents: unknown, target = 'm:generateContent') =>
  decode({ contents }, { ...decodeContext, parameters: { target } });
const read = (...contents: unknown[]) => operation(contents).request.messages;

describe('contents', () => {
  it('are messages of the user where they do not say whose they are', () => {
    assert.deepEqual(read({ parts: [{ text: 'hi' }] }), [{ role: 'user', content: [text('hi')] }]);
    assert.deepEqual(operation({ parts: { text: 'hi' } }).request.messages, read(user({ text: 'hi' })));
  });

  it('keep images, documents, sounds and texts that come as bytes, and remember where they stand', () => {
    const pdf = Buffer.from('%PDF-1.4').toString('base64');
    const { request, places } = operation([
      user(
        blob('image/gif', png),
        { inline_data: { mime_type: 'application/pdf', data: pdf, display_name: 'a.pdf' } },
        blob('audio/mpeg', 'AAAA'),
        blob('text/markdown; charset=utf-8', Buffer.from('# Grüezi').toString('base64')),
      ),
    ]);
    assert.deepEqual(request.messages[0]?.content, [
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } },
      { type: 'file', mediaType: 'application/pdf', data: pdf, name: 'a.pdf' },
      { type: 'audio', format: 'mp3', data: 'AAAA' },
      text('# Grüezi'),
    ]);
    assert.deepEqual(
      [...places.values()],
      [0, 1, 2].map((index) => `contents[0].parts[${index}]`),
    );
  });

  it('hold no more and no larger images than are allowed', () => {
    const bytes = Buffer.from(png, 'base64').length;
    const limited = (images: { count: number; bytes: number }) => () =>
      decode(
        { contents: [user(blob('image/png', png)), user({ text: 'a' }, blob('image/png', png))] },
        { ...decodeContext, limits: { images }, parameters: { target: 'm:generateContent' } },
      );
    limited({ count: 2, bytes })();
    const second = 'contents[1].parts[1].inlineData.data';
    assert.throws(limited({ count: 1, bytes }), { kind: 'invalid-image', param: second, message: /at most 1 image/ });
    assert.throws(limited({ count: 2, bytes: bytes - 1 }), { kind: 'invalid-image', message: /MiB/ });
  });

  it('join what the model said in several pieces into one turn', () => {
    const [, turn] = read(
      user({ text: 'hi' }),
      model({ text: 'Hm', thought: true }),
      model({ text: '.', thought: true }),
      model({ text: 'Let ' }),
      model({ text: '' }),
      model({ text: 'me look.' }, { executableCode: { language: 'PYTHON', code: 'print(1)' } }),
      model({ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }, call('f', 'a')),
      user(result('f', 'x', 'a')),
    );
    assert.deepEqual(turn?.content, [
      { type: 'reasoning', text: 'Hm.' },
      text('Let me look.\n```python\nprint(1)\n```\n\n```\n1\n```\n'),
      { type: 'tool-call', call: { kind: 'function', id: 'a', name: 'f', arguments: '{}' } },
    ]);
  });

  it('tie a response to its call by id, else by name and order', () => {
    const callIds = (...results: unknown[]) =>
      read(user({ text: 'hi' }), model(call('f', 'a'), call('g'), call('f'), call('g', 'd')), user(...results))
        .slice(2)
        .map((message) => message.role === 'tool' && message.callId);
    const ids = ['a', 'unnamed_call_1', 'unnamed_call_2', 'd'];
    assert.deepEqual(callIds(result('f', 1), result('g', 2), result('f', 3), result('g', 4)), ids);
    assert.deepEqual(callIds(result('g', 4, 'd'), result('f', 3, 'other'), result('g', 2), result('f', 3)), [
      'd',
      'a',
      'unnamed_call_1',
      'unnamed_call_2',
    ]);
  });

  it('give a call without an id the same one in every request of the conversation', () => {
    const first = [user({ text: 'hi' }), model(call('f')), user(result('f', 1)), model(call('f'))];
    const longer = [...first, { role: 'function', parts: [result('f', 2)] }, model({ text: 'Done.' })];
    const shorter = read(...first.slice(0, 3));
    assert.deepEqual(read(...longer).slice(0, 3), shorter);
    assert.deepEqual(
      read(...longer).flatMap((message) => (message.role === 'tool' ? message.callId : [])),
      ['unnamed_call_1', 'unnamed_call_2'],
    );
  });

  it('say what a function answered, its failure and its media', () => {
    const content = (response: unknown, parts?: unknown[]) => {
      const said = { functionResponse: { name: 'f', response, parts } };
      const message = read(user({ text: 'hi' }), model(call('f')), user({ text: 'Well?' }, said)).at(2);
      return message?.role === 'tool' && [message.content, message.isError];
    };
    assert.deepEqual(content({ output: 'sun' }), [[text('sun')], undefined]);
    assert.deepEqual(content({ output: { a: 1 } }), [[text('{"a":1}')], undefined]);
    assert.deepEqual(content({ output: 'a', more: 1 }), [[text('{"output":"a","more":1}')], undefined]);
    assert.deepEqual(content({ result: 'sun' }), [[text('{"result":"sun"}')], undefined]);
    assert.deepEqual(content({ error: 'rain' }), [[text('rain')], true]);
    assert.deepEqual(content('sun'), [[text('sun')], undefined]);
    assert.deepEqual(content(undefined), [[], undefined]);
    const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } };
    assert.deepEqual(content({}, [blob('image/png', png)]), [[image], undefined]);
  });

  it('take a signature of the API itself for its own, and none for none', () => {
    const turn = (thoughtSignature: string) =>
      read(user({ text: 'hi' }), model({ text: 'Yes.', thoughtSignature })).at(1)?.content[0];
    assert.deepEqual(turn('c2lnbmVk'), { type: 'reasoning', text: '', origin: 'google', signature: 'c2lnbmVk' });
    assert.deepEqual(turn('skip_thought_signature_validator'), text('Yes.'));
  });

  it('need no call for a response where tokens are only counted', () => {
    const { messages } = operation([user(result('f', 'sun'), { text: 'So?' })], 'm:countTokens').request;
    assert.deepEqual(messages, [{ role: 'user', content: [text('sun'), text('So?')] }]);
  });
});

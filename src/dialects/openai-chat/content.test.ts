import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestLimits } from '../../../test/support/request-limits.ts';
import { tinyImages } from '../../../test/support/tiny-images.ts';
import type { RequestLimits } from '../dialect.ts';
import { decode } from './decode.ts';

const png = tinyImages['image/png'];
const pdf = Buffer.from('%PDF-1.4').toString('base64');
const image = (url: string): unknown => ({ type: 'image_url', image_url: { url } });
const decodeMessages = (messages: unknown[], limits = requestLimits) => decode({ model: 'm', messages }, limits);
const read = (...content: unknown[]) => decodeMessages([{ role: 'user', content }]).request.messages[0]?.content;

describe('content parts', () => {
  it('believes the content of an image, not its label', () => {
    const part = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } };
    for (const label of ['data:image/png', 'data:image/jpeg', 'DATA:IMAGE/GIF', 'data:', 'data:image/png;charset=x']) {
      assert.deepEqual(read(image(`${label};base64,${png}`)), [part]);
    }
    assert.deepEqual(read({ type: 'image_url', image_url: `data:image/png;base64,${png}` }), [part]);
  });

  it('accepts as many images as are allowed, names the one that is too many and the one that is too large', () => {
    const limited = (length: number, images: RequestLimits['images']) =>
      decodeMessages([{ role: 'user', content: Array(length).fill(image(`data:image/png;base64,${png}`)) }], {
        images,
      });
    const bytes = Buffer.from(png, 'base64').length;
    assert.equal(limited(3, { count: 3, bytes }).request.messages[0]?.content.length, 3);
    const second = { kind: 'invalid-image', param: 'messages[0].content[1].image_url.url', message: /at most 1 image/ };
    assert.throws(() => limited(2, { count: 1, bytes }), second);
    const large = { kind: 'invalid-image', param: 'messages[0].content[0].image_url.url', message: /MiB/ };
    assert.throws(() => limited(1, { count: 1, bytes: bytes - 1 }), large);
  });

  it('remembers where in the body each image, file and sound stands', () => {
    const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    const { request, places } = decodeMessages([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Listen' }, sound, image(`data:image/png;base64,${png}`)] },
    ]);
    const [text, audio, picture] = request.messages[0]?.content ?? [];
    assert.deepEqual(
      [text, audio, picture].map((part) => part && places.get(part)),
      [undefined, 'messages[1].content[1]', 'messages[1].content[2]'],
    );
  });

  it('takes images only as data: URLs and says so', () => {
    for (const url of [
      'http://example.org/a.png',
      'HTTPS://example.org/a.png',
      'blob:1',
      `data:image/png,${png}`,
      '',
    ]) {
      assert.throws(() => read(image(url)), { kind: 'invalid-image', message: /data: URL/ });
    }
  });

  it('takes a PDF as a data: URL or as bare base64', () => {
    const part = { type: 'file', mediaType: 'application/pdf', data: pdf };
    const named = { ...part, name: 'a.pdf' };
    assert.deepEqual(read({ type: 'file', file: { file_data: pdf } }), [part]);
    assert.deepEqual(read({ type: 'file', file: { file_data: `data:x/y;base64,${pdf}`, filename: 'a.pdf' } }), [named]);
    assert.deepEqual(read({ type: 'input_file', file_data: pdf, filename: 'a.pdf' }), [named]);
    assert.throws(() => read({ type: 'input_file', file_id: 'f' }), { param: 'messages[0].content[0].file_id' });
    assert.throws(() => read({ type: 'file' }), { param: 'messages[0].content[0].file' });
  });

  it('takes sound', () => {
    const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'WAV' } };
    assert.deepEqual(read(sound), [{ type: 'audio', format: 'wav', data: 'AAAA' }]);
    const broken = { type: 'input_audio', input_audio: { data: '!', format: 'wav' } };
    assert.throws(() => read(broken), { param: 'messages[0].content[0].input_audio.data' });
  });

  it('lets a tool answer with an image', () => {
    const { messages } = decodeMessages([
      { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f' } }] },
      { role: 'tool', tool_call_id: 'a', content: [image(`data:image/png;base64,${png}`)] },
    ]).request;
    assert.equal(messages[1]?.content[0]?.type, 'image');
  });
});

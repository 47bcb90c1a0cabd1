import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { askForKey } from './ask-for-key.ts';

async function answer(typed: string): Promise<{ key: string | undefined; said: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(typed);
  const key = await askForKey({ input, output });
  output.end();
  return { key, said: await text(output) };
}

describe('the question for a key', () => {
  it('is answered by y with a new key of 32 characters that fits in a URL', async () => {
    const first = await answer('y\n');
    const second = await answer('Yes\n');
    assert.equal(first.said, 'Enable API key protection? (y/N) ');
    for (const { key } of [first, second]) assert.match(key ?? '', /^[\w-]{32}$/);
    assert.notEqual(first.key, second.key);
  });

  it('ends its line when Ctrl-D is the answer, so that what follows stands on its own', async () => {
    const { key, said } = await answer('');
    assert.equal(key, undefined);
    assert.equal(said, 'Enable API key protection? (y/N) \n');
  });

  it('goes on without one when nobody answers', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    assert.equal(await askForKey({ input, output, timeoutMs: 20 }), undefined);
  });

  for (const typed of ['\n', 'n\n', 'yellow\n', '']) {
    it(`goes on without one after ${JSON.stringify(typed)}`, async () => {
      assert.equal((await answer(typed)).key, undefined);
    });
  }
});

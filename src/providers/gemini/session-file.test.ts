import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NativeContent } from './contents.ts';
import { sessionFile } from './session-file.ts';

const id = '01234567-89ab-4cde-8f01-23456789abcd';
const now = new Date('2026-11-22T10:11:12.000Z');

function user(...texts: string[]): NativeContent {
  return { role: 'user', parts: texts.map((text) => ({ text })) };
}

function lines(contents: NativeContent[]): Record<string, unknown>[] {
  return sessionFile(id, contents, now)
    .text.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('sessionFile', () => {
  it('holds the conversation, the question too', () => {
    const contents = [user('Hi'), { role: 'model' as const, parts: [{ text: 'Yes?' }] }, user('Well')];
    const [head, ...messages] = lines(contents);
    assert.equal(head?.sessionId, id);
    assert.deepEqual(
      messages.map(({ type, content }) => [type, content]),
      [
        ['user', [{ text: 'Hi' }]],
        ['gemini', [{ text: 'Yes?' }]],
        ['user', [{ text: 'Well' }]],
      ],
    );
    assert.equal(new Set(messages.map((message) => message.id)).size, 3);
  });

  it('begins with the id that keeps the CLI from speaking of this machine', () => {
    assert.equal(lines([user('Hi')])[1]?.id, 'd04923d38bb0f6017037e74183378ef4');
  });

  it('counts what the CLI will tell of it', () => {
    assert.equal(sessionFile(id, [user('Hi')], now).replayed, 1);
  });

  for (const text of ['/help', ' ?what', '<session_context>', '<hook_context>x', ' \n ']) {
    it(`marks ${JSON.stringify(text)} as said, which the CLI would leave out`, () => {
      assert.deepEqual(lines([user(text, ' ')])[1]?.content, [{ text, thought: false }, { text: ' ' }]);
    });
  }

  it('marks nothing else', () => {
    assert.deepEqual(lines([user('either/or?')])[1]?.content, [{ text: 'either/or?' }]);
    const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const content = [{ text: ' ' }, picture];
    assert.deepEqual(lines([{ role: 'user', parts: content }])[1]?.content, content);
  });

  it('hides a last word behind results, so that the CLI makes nothing up', () => {
    const functionResponse = { id: 'c1', name: 'mcp_t_look', response: { output: 'sunny' } };
    const contents: NativeContent[] = [user('Hi'), { role: 'user', parts: [{ functionResponse }] }];
    const { replayed } = sessionFile(id, contents, now);
    const last = lines(contents).at(-1);
    assert.deepEqual(last?.content, [{ text: 'Go on.', thought: true }]);
    assert.equal(replayed, 3);
  });

  it('has a name that is not the CLI’s own for it', () => {
    assert.equal(sessionFile(id, [user('Hi')], now).name, 'session-given-01234567.jsonl');
  });
});

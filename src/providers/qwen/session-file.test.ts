import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatsFolder, sessionFile } from './session-file.ts';

describe('sessionFile', () => {
  it('chains the messages, each in a line of its own', () => {
    const text = sessionFile(
      [
        { kind: 'user', parts: [{ text: 'a\nb' }] },
        { kind: 'assistant', parts: [{ text: 'c' }] },
        { kind: 'tool_result', parts: [] },
      ],
      { id: 'session', directory: '/tmp/x', now: new Date(0) },
    );
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ type, message: { role, parts } }) => [type, role, parts]),
      [
        ['user', 'user', [{ text: 'a\nb' }]],
        ['assistant', 'model', [{ text: 'c' }]],
        ['tool_result', 'user', []],
      ],
    );
    assert.equal(lines[0].parentUuid, null);
    assert.deepEqual(
      lines.slice(1).map(({ parentUuid }) => parentUuid),
      lines.slice(0, 2).map(({ uuid }) => uuid),
    );
    assert.ok(lines.every(({ sessionId, cwd }) => sessionId === 'session' && cwd === '/tmp/x'));
  });

  it('is looked for under the name of the directory', () => {
    assert.equal(chatsFolder('/tmp/session-1/1_a'), 'projects/-tmp-session-1-1-a/chats');
  });
});

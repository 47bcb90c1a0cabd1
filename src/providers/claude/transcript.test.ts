import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeTranscript } from './transcript.ts';
import type { NativeMessage } from './wire.ts';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'transcript-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

const options = { version: '2.1.330', model: 'claude-x', now: new Date('2026-01-02T03:04:05Z') };
const messages: NativeMessage[] = [
  { role: 'user', content: [{ type: 'text', text: 'line one\nline two \u2028' }] },
  { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [] }] },
];

describe('writeTranscript', () => {
  it('writes one line for each message, each with the one before as its parent', async () => {
    const file = await writeTranscript(directory, messages, options);
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ type, message }) => [type, message.role, message.content]),
      messages.map(({ role, content }) => [role, role, content]),
    );
    assert.deepEqual(
      lines.map(({ parentUuid }) => parentUuid),
      [null, lines[0].uuid, lines[1].uuid],
    );
    assert.equal(new Set(lines.map(({ uuid }) => uuid)).size, 3);
    assert.ok(lines.every(({ sessionId }) => `${sessionId}.jsonl` === basename(file)));
    assert.equal(lines[1].message.model, 'claude-x');
    assert.equal(lines[0].timestamp, '2026-01-02T03:04:05.000Z');
  });

  it('lies in the directory given, readable by nobody else, a new file each time', async () => {
    const [first, second] = [
      await writeTranscript(directory, messages, options),
      await writeTranscript(directory, messages, options),
    ];
    assert.notEqual(first, second);
    assert.equal(dirname(first), directory);
    assert.equal(statSync(first).mode & 0o077, 0);
  });
});

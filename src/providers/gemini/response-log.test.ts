import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ResponseLog } from './response-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'responses-'));
after(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
function open() {
  files += 1;
  const file = join(directory, String(files));
  const log = new ResponseLog(file);
  const write = (line: unknown) => appendFileSync(file, `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return { file, log, write };
}

function streamed(...response: unknown[]) {
  return { method: 'generateContentStream', response };
}

function said(text: string) {
  return streamed({ candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] });
}

describe('ResponseLog', () => {
  it('reads an answer with its text, calls, end and tokens', () => {
    const { log, write } = open();
    const args = { at: 'Paris', wait_for_previous: true };
    write(
      streamed(
        {
          candidates: [{ content: { parts: [{ text: 'Hm', thought: true }] } }],
          usageMetadata: { promptTokenCount: 9 },
        },
        { candidates: [{ content: { parts: [{ text: 'Let ' }] } }] },
        {
          candidates: [
            { content: { parts: [{ text: 'me' }, { functionCall: { name: 'mcp_t_look', id: 'a', args } }] } },
          ],
        },
        {
          candidates: [{ finishReason: 'STOP' }],
          usageMetadata: {
            promptTokenCount: 100,
            cachedContentTokenCount: 60,
            candidatesTokenCount: 5,
            thoughtsTokenCount: 7,
          },
        },
      ),
    );
    assert.deepEqual(log.unclaimed(), [
      {
        streamed: true,
        text: 'Let me',
        calls: [{ id: 'a', name: 'mcp_t_look', args: { at: 'Paris' } }],
        finishReason: 'STOP',
        usage: { inputTokens: 100, outputTokens: 12, cacheReadTokens: 60, reasoningTokens: 7 },
        sources: [],
      },
    ]);
  });

  it('reads the pages that a search has found', () => {
    const { log, write } = open();
    const groundingChunks = [{ web: { uri: 'https://a.example', title: 'A' } }, { web: {} }, {}];
    write({ method: 'generateContent', response: { candidates: [{ groundingMetadata: { groundingChunks } }] } });
    const [search] = log.unclaimed();
    assert.equal(search?.streamed, false);
    assert.deepEqual(search?.sources, [{ url: 'https://a.example', title: 'A' }]);
  });

  it('gives out what is added, and each answer until it is claimed', () => {
    const { log, write } = open();
    assert.deepEqual(log.unclaimed(), []);
    write(said('one'));
    const [one] = log.unclaimed();
    write(said('two'));
    assert.equal(log.unclaimed().length, 2);
    log.claim(one ? [one] : []);
    assert.deepEqual(
      log.unclaimed().map(({ text }) => text),
      ['two'],
    );
  });

  it('passes over what is no answer, and waits for the end of a line', () => {
    const { file, log, write } = open();
    write('not JSON');
    write({ method: 'countTokens', response: {} });
    writeFileSync(file, JSON.stringify(said('half')).slice(0, 40), { flag: 'a' });
    assert.deepEqual(log.unclaimed(), []);
    writeFileSync(file, `${JSON.stringify(said('half')).slice(40)}\n`, { flag: 'a' });
    assert.equal(log.unclaimed()[0]?.text, 'half');
  });

  it('begins the file anew when it is long, and loses nothing', () => {
    const { file, log, write } = open();
    write(said('x'.repeat(17 * 1024 * 1024)));
    assert.equal(log.unclaimed().length, 1);
    assert.equal(existsSync(file), false);
    appendFileSync(`${file}.before`, `${JSON.stringify(said('late'))}\n`);
    write(said('new'));
    assert.deepEqual(
      log
        .unclaimed()
        .slice(1)
        .map(({ text }) => text),
      ['late', 'new'],
    );
    log[Symbol.dispose]();
  });

  it('forgets on the disk too when it is told to', () => {
    const { file, log, write } = open();
    write(said('a secret'));
    log.unclaimed();
    log.clear();
    assert.equal(readFileSync(file, 'utf8'), '');
    write(said('new'));
    assert.deepEqual(
      log.unclaimed().map(({ text }) => text),
      ['new'],
    );
  });

  it('does not keep for ever what nobody claims', () => {
    const { log, write } = open();
    for (let index = 0; index < 600; index += 1) write(said(String(index)));
    assert.equal(log.unclaimed().at(-1)?.text, '599');
    assert.equal(log.unclaimed().length, 512);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { type Exchange, readExchange } from './exchange.ts';
import { ExchangeLog } from './exchange-log.ts';

const written = (choice: object | null, error: object | null = null) => ({
  timestamp: 'now',
  request: { messages: [{ role: 'user', content: 'a "quoted"\n  "response": {} of the caller’s' }] },
  response: choice && {
    choices: [choice],
    usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
  },
  error,
});
const file = (content: object) => Buffer.from(JSON.stringify(content, null, 2));
const call = (id: string, given: string) => ({ id, function: { name: 'mcp__t__look', arguments: given } });

describe('readExchange', () => {
  it('tells everything of an answer', () => {
    const message = { content: 'Let me look.', tool_calls: [call('a', '{"at":"Paris"}'), call('b', '{}')] };
    assert.deepEqual(readExchange(file(written({ message, finish_reason: 'stop' }))), {
      kind: 'answer',
      text: 'Let me look.',
      calls: [
        { id: 'a', name: 'mcp__t__look', arguments: { at: 'Paris' } },
        { id: 'b', name: 'mcp__t__look', arguments: {} },
      ],
      reason: 'stop',
      usage: { inputTokens: 9, outputTokens: 2, cacheReadTokens: 4 },
    });
  });

  it('tells why an answer ended', () => {
    for (const [native, reason] of [
      ['stop', 'stop'],
      ['length', 'length'],
      ['content_filter', 'content-filter'],
    ]) {
      const exchange = readExchange(file(written({ message: { content: null }, finish_reason: native })));
      assert.equal(exchange?.kind === 'answer' && exchange.reason, reason);
    }
  });

  it('tells a failure in the words of the API', () => {
    assert.deepEqual(readExchange(file(written(null, { message: '429 slow down' }))), {
      kind: 'failure',
      message: '429 slow down',
    });
  });

  it('waits for what is not all written', () => {
    const whole = file(written({ message: { content: 'x' } }));
    for (const part of [whole.subarray(0, 0), whole.subarray(0, 40), whole.subarray(0, -3)]) {
      assert.equal(readExchange(part), undefined);
    }
  });
});

describe('ExchangeLog', () => {
  it('tells what is written, in its order, and takes it away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exchanges-'));
    const told: Exchange[] = [];
    using log = new ExchangeLog(folder, (exchange) => told.push(exchange));
    try {
      writeFileSync(join(folder, 'openai-2.json'), file(written(null, { message: 'second' })));
      writeFileSync(join(folder, 'openai-1.json'), file(written(null, { message: 'first' })));
      await eventually('they are noticed', () => told.length === 2);
      await log.look();
      assert.deepEqual(told.map((exchange) => exchange.kind === 'failure' && exchange.message).sort(), [
        'first',
        'second',
      ]);
      assert.deepEqual(readdirSync(folder), []);
      writeFileSync(join(folder, 'openai-3.json'), '{ "not": "whole"');
      await log.look();
      assert.equal(told.length, 2);
      assert.deepEqual(readdirSync(folder), ['openai-3.json']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import { ToolNames } from '../tool-names.ts';
import { Translator } from './translate.ts';
import { type ContentBlock, type ModelEvent, type OutputLine, parseLine } from './wire.ts';

const weather = { kind: 'function' as const, name: 'get_weather', parameters: {} };

/** What Claude Code 2.1.330 wrote on its standard output in such a turn. */
function recording(name: string): OutputLine[] {
  const file = join(import.meta.dirname, 'recordings', `${name}.2.1.330.jsonl`);
  const lines = readFileSync(file, 'utf8').trim().split('\n').map(parseLine);
  assert.ok(lines.length > 5 && lines.every((line) => line !== undefined));
  return lines as OutputLine[];
}

/** The events of a turn, and the failure that ended it. */
function translate(lines: readonly OutputLine[], names = new ToolNames([weather])) {
  const translator = new Translator({ names, answerAs: (native) => `own-${native}` });
  const events: StreamEvent[] = [];
  let failure: GatewayError | undefined;
  let read = 0;
  try {
    for (const line of lines) {
      if (translator.finished) break;
      read += 1;
      const said = line.type === 'result' ? translator.end(line, line.total_cost_usd) : translator.line(line);
      for (const event of said) events.push(event);
    }
  } catch (error) {
    failure = error as GatewayError;
  }
  return { events, failure, unread: lines.slice(read), finished: translator.finished };
}

const types = (events: StreamEvent[]) => events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
const text = (events: StreamEvent[]) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const last = (events: StreamEvent[]) => {
  const event = events.at(-1);
  assert.ok(event?.type === 'finish');
  return event;
};

const event = (modelEvent: ModelEvent, parent: string | null = null): OutputLine => ({
  type: 'stream_event',
  event: modelEvent,
  parent_tool_use_id: parent,
});
const block = (index: number, content: ContentBlock, ...deltas: Record<string, string>[]): OutputLine[] => [
  event({ type: 'content_block_start', index, content_block: content }),
  ...deltas.map((delta) =>
    event({ type: 'content_block_delta', index, delta: { type: Object.keys(delta)[0] ?? '', ...delta } }),
  ),
  event({ type: 'content_block_stop', index }),
];
const message = (blocks: OutputLine[], stopReason = 'end_turn', usage = { output_tokens: 1 }): OutputLine[] => [
  event({ type: 'message_start', message: { model: 'claude-x', usage: { input_tokens: 5 } } }),
  ...blocks,
  event({ type: 'message_delta', delta: { stop_reason: stopReason }, usage }),
  event({ type: 'message_stop' }),
];
const result: OutputLine = { type: 'result' };

describe('Translator, with recordings', () => {
  it('tells a text as it came, with the model that gave it and what it cost', () => {
    const { events, finished } = translate(recording('text'));
    assert.deepEqual(types(events), ['start', 'text-delta', 'finish']);
    assert.deepEqual(events[0], { type: 'start', model: 'own-claude-sonnet-5' });
    assert.ok(events.length > 4, 'the text comes in pieces');
    assert.equal(text(events), 'Hello there, world.');
    const { reason, usage } = last(events);
    assert.equal(reason, 'stop');
    assert.ok(usage.inputTokens > 100 && usage.outputTokens > 1 && (usage.costUsd ?? 0) > 0);
    assert.ok(finished);
  });

  it('tells thinking with its signature before the text', () => {
    const { events } = translate(recording('thinking'));
    assert.deepEqual(types(events), ['start', 'reasoning-delta', 'reasoning-end', 'text-delta', 'finish']);
    const thought = events.map((one) => (one.type === 'reasoning-delta' ? one.text : '')).join('');
    assert.equal(thought, 'Let me see. Two and two.');
    const end = events.find((one) => one.type === 'reasoning-end');
    assert.equal(end?.origin, 'anthropic');
    assert.ok(end?.signature);
    assert.equal(text(events), 'It is four.');
  });

  it('tells two parallel calls one by one, and that the turn waits for their results', () => {
    const { events } = translate(recording('two-calls'));
    assert.equal(text(events), 'Let me look.');
    const calls = events.flatMap((one) => (one.type === 'tool-call-end' ? [one] : []));
    assert.deepEqual(
      calls.map(({ index, call }) => [index, call.kind, call.name, call.arguments]),
      [
        [0, 'function', 'get_weather', '{"city":"Paris"}'],
        [1, 'function', 'get_weather', '{"city":"Rome"}'],
      ],
    );
    assert.equal(new Set(calls.map(({ call }) => call.id)).size, 2);
    for (const { index, call } of calls) {
      const pieces = events.map((one) => (one.type === 'tool-call-delta' && one.index === index ? one.arguments : ''));
      assert.equal(pieces.join(''), call.arguments);
      const opening = events.find((one) => one.type === 'tool-call-start' && one.index === index);
      assert.deepEqual(opening, { type: 'tool-call-start', index, kind: 'function', id: call.id, name: call.name });
    }
    assert.equal(last(events).reason, 'tool-calls');
  });

  it('keeps a web search between the model and the CLI, and cites its source where the text links to it', () => {
    const { events } = translate(recording('web-search'));
    assert.deepEqual(types(events), ['start', 'text-delta', 'citation', 'finish']);
    const said = text(events);
    assert.equal(said, 'I will search.\n\nThere is [News of today](https://news.example/today) for you.');
    const citations = events.flatMap((one) => (one.type === 'citation' ? [one.citation] : []));
    assert.deepEqual(
      citations.map(({ url, title, start, end }) => [url, title, said.slice(start, end)]),
      [['https://news.example/today', 'News of today', '[News of today](https://news.example/today)']],
    );
    assert.equal(last(events).reason, 'stop');
  });

  it('ends where the tokens ran out, before the CLI goes on by itself', () => {
    const { events, unread } = translate(recording('length'));
    assert.equal(text(events), 'One two three');
    const { reason, usage } = last(events);
    assert.equal(reason, 'length');
    assert.ok(usage.inputTokens > 100 && usage.outputTokens > 1);
    assert.ok(JSON.stringify(unread).includes('Output token limit hit'), 'the CLI did go on');
  });

  it('fails where the connection was cut, before the CLI goes on by itself', () => {
    const { events, failure, unread } = translate(recording('cut'));
    assert.equal(text(events), 'Half an answer');
    assert.equal(failure?.kind, 'upstream-unavailable');
    assert.ok(JSON.stringify(unread).includes('cut off mid-stream'), 'the CLI did go on');
  });

  it('tells a refusal as filtered content, without the words of the CLI', () => {
    const { events } = translate(recording('refusal'));
    assert.equal(text(events), 'I');
    assert.equal(last(events).reason, 'content-filter');
  });

  it('tells which stop sequence ended the text', () => {
    const { events } = translate(recording('stop-sequence'));
    assert.equal(text(events), 'Until here');
    assert.equal(last(events).reason, 'stop');
    assert.equal(last(events).stopSequence, 'END');
  });
});

describe('Translator', () => {
  it("gives the caller's own name for a tool, and {} for a call without arguments", () => {
    const names = new ToolNames([{ ...weather, name: 'get weather' }]);
    const native = names.native('get weather');
    const use = { type: 'tool_use', id: 't1', name: native };
    const { events } = translate([...message(block(0, use), 'tool_use'), result], names);
    const end = events.find((one) => one.type === 'tool-call-end');
    assert.deepEqual(end?.call, { kind: 'function', id: 't1', name: 'get weather', arguments: '{}' });
    assert.equal(last(events).reason, 'tool-calls');
  });

  it('fails for a call whose arguments are not whole', () => {
    const use = { type: 'tool_use', id: 't1', name: 'get_weather' };
    const { failure } = translate(message(block(0, use, { partial_json: '{"city":' }), 'tool_use'));
    assert.equal(failure?.kind, 'provider-failed');
  });

  it('hides calls of tools that the model made up, and counts the tokens of every message', () => {
    const madeUp = { type: 'tool_use', id: 't1', name: 'rm' };
    const lines = [
      ...message(
        [...block(0, { type: 'text', text: 'Let me' }), ...block(1, madeUp, { partial_json: '{}' })],
        'tool_use',
      ),
      ...message(block(0, { type: 'text' }, { text: 'Done' }), 'end_turn', { output_tokens: 4 }),
      result,
    ];
    const { events } = translate(lines);
    assert.equal(text(events), 'Let me\n\nDone');
    assert.deepEqual(types(events), ['start', 'text-delta', 'finish']);
    assert.equal(last(events).reason, 'stop');
    assert.equal(last(events).usage.inputTokens, 10);
    assert.equal(last(events).usage.outputTokens, 5);
  });

  it('lets the CLI ask again while nothing is said, and waits for its reasons once it has given up', () => {
    const open = event({ type: 'message_start', message: { model: 'claude-x' } });
    const broken = event({ type: 'message_stop' });
    const half = block(0, { type: 'text', text: 'Half' });
    const again = translate([open, broken, ...message(half), result]);
    assert.deepEqual(types(again.events), ['start', 'text-delta', 'finish']);
    assert.equal(again.failure, undefined);
    assert.equal(translate([open, ...half, broken]).failure?.kind, 'upstream-unavailable');
    const givenUp: OutputLine = { type: 'assistant', message: {}, error: 'unknown' };
    const { failure, unread } = translate([open, ...half, givenUp, broken]);
    assert.equal(failure, undefined);
    assert.deepEqual(unread, []);
  });

  it('joins the blocks of one text as they are', () => {
    const blocks = [...block(0, { type: 'text', text: 'One' }), ...block(1, { type: 'text', text: 'Two' })];
    assert.equal(text(translate([...message(blocks), result]).events), 'OneTwo');
  });

  it('passes encrypted thinking on, and nothing of what a tool asked a model of its own', () => {
    const inner = event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'x' } }, 'toolu');
    const { events } = translate([
      ...message([inner, ...block(0, { type: 'redacted_thinking', data: 'abc' })]),
      result,
    ]);
    assert.deepEqual(types(events), ['start', 'reasoning-end', 'finish']);
    assert.deepEqual(events[1], { type: 'reasoning-end', encrypted: 'abc', origin: 'anthropic' });
  });

  it('counts cached tokens as read', () => {
    const usage = { input_tokens: 1, cache_read_input_tokens: 20, cache_creation_input_tokens: 300, output_tokens: 4 };
    const { events } = translate([
      ...message([]),
      { type: 'result', usage: { ...usage, output_tokens_details: { thinking_tokens: 2 } } },
    ]);
    assert.deepEqual(last(events).usage, {
      inputTokens: 321,
      outputTokens: 4,
      cacheReadTokens: 20,
      cacheWriteTokens: 300,
      reasoningTokens: 2,
    });
  });

  it('cites a source only where that very address stands', () => {
    const sources: OutputLine = {
      type: 'user',
      message: {},
      tool_use_result: {
        results: [
          'words',
          null,
          { content: [{ url: 'https://a.example/x', title: 'X' }, { url: 'https://a.example/xyz' }] },
        ],
      },
    };
    const fetched: OutputLine = { type: 'user', message: {}, tool_use_result: { url: 'https://b.example/' } };
    const said = 'See https://a.example/xyz, then (https://b.example/) or [C](https://c.example/ "C").';
    const third: OutputLine = { type: 'user', message: {}, tool_use_result: { url: 'https://c.example/' } };
    const { events } = translate([sources, fetched, third, ...message(block(0, { type: 'text', text: said })), result]);
    const citations = events.flatMap((one) => (one.type === 'citation' ? [one.citation] : []));
    assert.deepEqual(
      citations.map(({ url, title, start, end }) => [url, title, said.slice(start, end)]),
      [
        ['https://a.example/xyz', 'https://a.example/xyz', 'https://a.example/xyz'],
        ['https://b.example/', 'https://b.example/', 'https://b.example/'],
        ['https://c.example/', 'https://c.example/', 'https://c.example/'],
      ],
    );
  });
});

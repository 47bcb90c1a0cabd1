import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { ToolCall } from '../../core/tool.ts';
import { ToolNames } from '../tool-names.ts';
import { Translator } from './translate.ts';
import type { Notice } from './wire.ts';

const look = { kind: 'function' as const, name: 'look at', parameters: {} };
const names = new ToolNames([{ ...look, name: 'look' }]);

/** What the app-server of Codex 0.169.0 told of such a turn. */
function recording(name: string): Notice[] {
  const file = join(import.meta.dirname, 'recordings', `${name}.0.169.0.jsonl`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  assert.ok(lines.length > 5);
  return lines.map((line) => JSON.parse(line) as Notice);
}

/** The events of a turn, and the failure that ended it. */
function translate(notices: readonly Notice[], options: { scripted?: boolean; names?: ToolNames } = {}) {
  const translator = new Translator({
    names,
    model: 'own-gpt',
    answerAs: (native) => `own-${native}`,
    scripted: false,
    toError: ({ message }) => new GatewayError('provider-failed', message),
    ...options,
  });
  const events: StreamEvent[] = [];
  let failure: GatewayError | undefined;
  try {
    for (const notice of notices) {
      if (translator.finished) break;
      for (const event of translator.notice(notice)) events.push(event);
    }
  } catch (error) {
    failure = error as GatewayError;
  }
  return { events, failure };
}

const textOf = (events: StreamEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const callsOf = (events: StreamEvent[]): ToolCall[] =>
  events.flatMap((event) => (event.type === 'tool-call-end' ? [event.call] : []));
const reasonOf = (events: StreamEvent[]) => {
  const event = events.at(-1);
  return event?.type === 'finish' ? event.reason : undefined;
};
const started = (type: string, id = 'item_1'): Notice => ({ method: 'item/started', params: { item: { type, id } } });
const completed: Notice = { method: 'turn/completed', params: { turn: { status: 'completed', error: null } } };
const delta = (text: string, itemId = 'item_1'): Notice => ({
  method: 'item/agentMessage/delta',
  params: { itemId, delta: text },
});

describe('Translator', () => {
  it('tells a text in the pieces in which it comes, with the tokens of the answer', () => {
    const { events } = translate(recording('text'));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start', 'text-delta', 'text-delta', 'finish'],
    );
    assert.equal(textOf(events), 'Hello there');
    const [start, finish] = [events[0], events.at(-1)];
    assert.deepEqual(start, { type: 'start', model: 'own-gpt' });
    assert.ok(finish?.type === 'finish' && finish.usage.inputTokens > 0 && finish.usage.outputTokens > 0);
    assert.equal(finish.reason, 'stop');
  });

  it('tells the parts of reasoning apart, and gives what proves it before the text', () => {
    const { events } = translate(recording('reasoning'));
    const thought = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
    assert.equal(thought, '**First** look\n\n**Then** say');
    const end = events.findIndex(({ type }) => type === 'reasoning-end');
    const proof = events[end];
    assert.ok(proof?.type === 'reasoning-end' && proof.encrypted && proof.origin === 'openai');
    assert.ok(end < events.findIndex(({ type }) => type === 'text-delta'));
  });

  it('tells reasoning that comes whole', () => {
    const summary = [{ type: 'summary_text' as const, text: 'Hm.' }];
    const item = { type: 'reasoning' as const, summary, encrypted_content: null };
    const { events } = translate([{ method: 'rawResponseItem/completed', params: { item } }, completed]);
    assert.deepEqual(events.slice(1, 3), [
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', origin: 'openai' },
    ]);
  });

  it('ends with the calls of one response, in the order in which the model makes them', () => {
    const { events } = translate(recording('two-calls'));
    assert.equal(textOf(events), 'Looking.');
    assert.deepEqual(
      callsOf(events).map(({ name, arguments: text }) => [name, text]),
      [
        ['look', '{"at":"Paris"}'],
        ['look', '{"at":"Rome"}'],
      ],
    );
    assert.equal(reasonOf(events), 'tool-calls');
  });

  it('calls the tools by the names that the caller gave them', () => {
    const renamed = new ToolNames([look]);
    const native = renamed.native('look at');
    const item = { type: 'function_call' as const, call_id: 'c', name: native, arguments: '{}' };
    const { events } = translate([{ method: 'rawResponseItem/completed', params: { item } }], { names: renamed });
    assert.deepEqual(callsOf(events), [{ kind: 'function', id: 'c', name: 'look at', arguments: '{}' }]);
  });

  it('says nothing of calls that are not the caller’s, and adds up what they cost', () => {
    const notices = recording('made-up');
    const { events } = translate(notices);
    assert.deepEqual(callsOf(events), []);
    assert.equal(textOf(events), 'Then not.');
    assert.equal(reasonOf(events), 'stop');
    const spent = notices.flatMap((notice) =>
      notice.method === 'rawResponse/completed' ? [notice.params.usage?.outputTokens ?? 0] : [],
    );
    assert.equal(spent.length, 2);
    const finish = events.at(-1);
    assert.ok(finish?.type === 'finish' && finish.usage.outputTokens === spent.reduce((sum, count) => sum + count));
  });

  it('says nothing of a call whose arguments are no JSON', () => {
    const item = { type: 'function_call' as const, call_id: 'c', name: 'look', arguments: '{"at":' };
    const { events } = translate([{ method: 'rawResponseItem/completed', params: { item } }, completed]);
    assert.deepEqual(callsOf(events), []);
    assert.equal(reasonOf(events), 'stop');
  });

  it('names the sources of a search where they stand in the whole text', () => {
    const { events } = translate(recording('web-search'));
    const text = textOf(events);
    assert.equal(text, 'Let me look.\n\nIt is sunny 🌞 there.');
    const found = events.find((event) => event.type === 'citation')?.citation;
    assert.equal(found?.url, 'https://example.com/a');
    assert.equal(found.title, 'A page');
    assert.equal(text.slice(found.start, found.end), 'It is sunny 🌞 there.');
  });

  it('ends with length where the model API did', () => {
    const { events, failure } = translate(recording('length'));
    assert.equal(failure, undefined);
    assert.equal(textOf(events), 'As far as');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'length', usage: { inputTokens: 0, outputTokens: 0 } });
  });

  it('ends with content-filter where the model API did, and says nothing twice', () => {
    for (const name of ['filtered', 'socket-filtered']) {
      const { events, failure } = translate(recording(name));
      assert.equal(failure, undefined);
      assert.equal(textOf(events), 'No.', name);
      assert.equal(reasonOf(events), 'content-filter');
    }
  });

  it('ends with content-filter after a message that Codex cannot read', () => {
    const { events } = translate([started('agentMessage'), completed]);
    assert.equal(reasonOf(events), 'content-filter');
    assert.equal(reasonOf(translate([completed]).events), 'stop');
  });

  it('fails in the middle of a text, and says nothing twice', () => {
    for (const name of ['cut', 'socket-cut']) {
      const { events, failure } = translate(recording(name));
      assert.equal(textOf(events), 'Half of it', name);
      assert.ok(failure instanceof GatewayError, name);
      assert.equal(reasonOf(events), undefined);
    }
  });

  it('lets Codex ask again as long as nothing has been said', () => {
    const message = 'Falling back from WebSockets to HTTPS transport. connection reset';
    const retry: Notice = { method: 'error', params: { error: { message, codexErrorInfo: null }, willRetry: true } };
    const { events } = translate([{ method: 'warning', params: { message } }, retry, delta('Hi'), completed]);
    assert.equal(textOf(events), 'Hi');
    assert.equal(translate([delta('Hi'), retry]).failure?.kind, 'upstream-unavailable');
  });

  it('takes a text that comes without its pieces', () => {
    const item = { type: 'agentMessage', id: 'item_1', text: 'Hello there' };
    const whole: Notice = { method: 'item/completed', params: { item } };
    assert.equal(textOf(translate([started('agentMessage'), whole, completed]).events), 'Hello there');
    assert.equal(textOf(translate([started('agentMessage'), delta('Hello'), whole, completed]).events), 'Hello there');
  });

  it('names another model that has taken over', () => {
    const rerouted: Notice = { method: 'model/rerouted', params: { toModel: 'gpt-other' } };
    assert.deepEqual(translate([rerouted, delta('Hi')]).events[0], { type: 'start', model: 'own-gpt-other' });
  });

  it('fails when Codex does something by itself', () => {
    for (const type of ['commandExecution', 'fileChange', 'mcpToolCall', 'imageView', 'contextCompaction']) {
      assert.equal(translate([started(type)]).failure?.kind, 'provider-failed', type);
    }
  });

  it('ends at each call of a script, where the model calls tools out of scripts', () => {
    const notices = recording('script');
    const { events } = translate(notices, { scripted: true });
    assert.deepEqual(
      callsOf(events).map(({ arguments: text }) => text),
      ['{"at":"Paris"}'],
    );
    assert.equal(reasonOf(events), 'tool-calls');
    const rest = notices.slice(notices.findIndex(({ method }) => method === 'item/tool/call') + 1);
    const { events: more } = translate(rest, { scripted: true });
    assert.deepEqual(
      callsOf(more).map(({ arguments: text }) => text),
      ['{"at":"Rome"}'],
    );
  });
});

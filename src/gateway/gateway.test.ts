import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises';
import { request } from '../../test/support/scripted-generate.ts';
import { finish, ScriptedProvider, scriptedModel } from '../../test/support/scripted-provider.ts';
import { foldCompletion } from '../core/completion.ts';
import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { Message } from '../core/message.ts';
import type { Operation } from '../core/operation.ts';
import type { GenerateRequest } from '../core/request.ts';
import type { FunctionTool } from '../core/tool.ts';
import { Gateway } from './gateway.ts';
import type { GatewaySettings } from './settings.ts';

const start: StreamEvent = { type: 'start', model: 'model-1' };
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });
const tool: FunctionTool = { kind: 'function', name: 'f', parameters: { type: 'object' } };

async function serve(settings: Partial<GatewaySettings> = {}, provider = new ScriptedProvider()) {
  const failures: unknown[] = [];
  const gateway = new Gateway({
    providers: [provider],
    settings: {
      webTools: 'auto',
      spares: 1,
      liveSessions: 8,
      liveSessionMs: 60_000,
      maxConcurrent: 4,
      maxWaiting: 4,
      ...settings,
    },
    onStatus: () => {},
    onFailure: (error) => failures.push(error),
  });
  await gateway.start();
  await tick();
  const ask = (
    fields: Partial<GenerateRequest>,
    {
      choices = 1,
      caller = 'me',
      signal = new AbortController().signal,
      ...operation
    }: Partial<Operation> & {
      caller?: string;
      signal?: AbortSignal;
    } = {},
  ) =>
    gateway.generate(
      {
        kind: 'generate',
        request: request({ model: 'model-1', ...fields }),
        choices,
        stream: true,
        asked: {},
        ignored: [],
        places: new Map(),
        options: {},
        ...operation,
      },
      { requestId: 'r', caller, dialect: 'test', signal },
    );
  const answer = async (...args: Parameters<typeof ask>) => {
    const { choices } = await ask(...args);
    return foldCompletion(choices[0] as AsyncIterable<StreamEvent>);
  };
  return { gateway, provider, failures, ask, answer };
}

const textOf = (message: Message) => message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');

describe('Gateway', { timeout: 30_000 }, () => {
  it('answers from a session that was open before the request came', async () => {
    const { provider, ask } = await serve();
    const spares = [...provider.sessions];
    assert.deepEqual(spares.map(({ lane }) => lane.web).sort(), [false, true]);
    const { choices, model, route, ignored } = await ask({ model: 'model' });
    assert.deepEqual([model, route, ignored], ['model-1', 'scripted/default/model-1', []]);
    const { message, usage } = await foldCompletion(choices[0] as AsyncIterable<StreamEvent>);
    assert.equal(textOf(message), 'Hello');
    assert.equal(usage.inputTokens, 10);
    assert.ok(spares.includes(provider.turns[0]?.session as never));
    assert.equal(provider.turns[0]?.request.model, 'model-1');
    assert.equal(provider.turns[0]?.known, 0);
  });

  it('continues a conversation in the session that holds it, and tells it only what is new', async () => {
    const { provider, answer } = await serve();
    await answer({ messages: [user('a')] });
    await answer({ messages: [user('a'), assistant(' Hello\n'), user('b')] });
    await answer({ messages: [user('a'), assistant('Hello'), user('b'), assistant('Hello'), user('c'), user('d')] });
    assert.deepEqual(
      provider.turns.map(({ known }) => known),
      [0, 2, 4],
    );
    assert.equal(new Set(provider.turns.map(({ session }) => session)).size, 1);
  });

  it('gives a session to one of two requests that race for it', async () => {
    const { provider, answer } = await serve();
    await answer({ messages: [user('a')] });
    const next = { messages: [user('a'), assistant('Hello'), user('b')] };
    const answers = await Promise.all([answer(next), answer(next)]);
    assert.ok(answers.every(({ message }) => textOf(message) === 'Hello'));
    assert.deepEqual(provider.turns.map(({ known }) => known).sort(), [0, 0, 2]);
  });

  it('keeps callers, systems, tools and edited histories apart', async () => {
    const { provider, answer } = await serve();
    const next = [user('a'), assistant('Hello'), user('b')];
    await answer({ messages: [user('a')] });
    await answer({ messages: next }, { caller: 'you' });
    await answer({ messages: next, system: 'Be brief.' });
    await answer({ messages: next, tools: [tool] });
    await answer({ messages: [user('a'), assistant('Hullo'), user('b')] });
    await answer({ messages: [user('a'), assistant('Hello'), user('b'), assistant('made up'), user('c')] });
    assert.deepEqual(
      provider.turns.map(({ known }) => known),
      [0, 0, 0, 0, 0, 0],
    );
  });

  it('does not ask a live session that is told nothing new', async () => {
    const { provider, answer } = await serve();
    await answer({ messages: [user('a')] });
    await answer({ messages: [user('a'), assistant('Hello')] });
    assert.deepEqual(
      provider.turns.map(({ known }) => known),
      [0, 0],
    );
  });

  it('answers from the history when the session is gone', async () => {
    const { provider, answer } = await serve();
    await answer({ messages: [user('a')] });
    provider.turns[0]?.session.die();
    const { message } = await answer({ messages: [user('a'), assistant('Hello'), user('b')] });
    assert.equal(textOf(message), 'Hello');
    assert.equal(provider.turns.at(-1)?.known, 0);
  });

  it('has kept the session by the time that the caller knows the answer is over', async () => {
    const { provider, ask, answer } = await serve();
    const { choices } = await ask({ messages: [user('a')] });
    for await (const event of choices[0] as AsyncIterable<StreamEvent>) {
      if (event.type !== 'finish') continue;
      await answer({ messages: [user('a'), assistant('Hello'), user('b')] });
    }
    assert.equal(provider.turns.at(-1)?.known, 2);
  });

  it('asks another session when one fails before it has said anything, once', async () => {
    const { provider, answer } = await serve();
    const lost = new GatewayError('provider-failed', 'It stopped.');
    let turns = 0;
    provider.script = () => {
      turns += 1;
      return turns === 1 ? [start, lost] : [start, 'Second', finish];
    };
    const { message } = await answer({});
    assert.equal(textOf(message), 'Second');
    assert.equal(provider.turns.length, 2);
    assert.notEqual(provider.turns[0]?.session, provider.turns[1]?.session);
    provider.script = () => [start, lost];
    await assert.rejects(answer({ messages: [user('z')] }), { kind: 'provider-failed' });
    assert.equal(provider.turns.length, 4);
    assert.ok(provider.turns.slice(2).every(({ session }) => session.disposed));
  });

  it('asks another session when one ends without an answer', async () => {
    const { provider, answer } = await serve();
    let turns = 0;
    provider.script = () => {
      turns += 1;
      return turns === 1 ? [start] : [start, finish];
    };
    const { message, reason } = await answer({});
    assert.deepEqual([textOf(message), reason], ['', 'stop']);
    assert.equal(turns, 2);
  });

  it('does not ask again once something was said, or when another session would say the same', async () => {
    const { provider, ask } = await serve();
    const events: string[] = [];
    const read = async (fields: Partial<GenerateRequest>) => {
      events.length = 0;
      const { choices } = await ask(fields);
      for await (const event of choices[0] as AsyncIterable<StreamEvent>) events.push(event.type);
    };
    provider.script = () => [start, 'Half', new GatewayError('provider-failed', 'It stopped.')];
    await assert.rejects(read({}), { kind: 'provider-failed' });
    assert.deepEqual(events, ['start', 'text-delta']);
    assert.equal(provider.turns.length, 1);
    provider.script = () => [start, new GatewayError('rate-limited', 'Wait.')];
    await assert.rejects(read({ messages: [user('z')] }), { kind: 'rate-limited' });
    assert.deepEqual(events, []);
    assert.equal(provider.turns.length, 2);
    provider.script = () => [start, 'Half'];
    await assert.rejects(read({ messages: [user('y')] }), { kind: 'provider-failed' });
    assert.equal(provider.turns.length, 3);
  });

  it('closes the session of an answer that its reader leaves, and has room for the next', async () => {
    const { provider, ask, answer } = await serve({ maxConcurrent: 1, maxWaiting: 0 });
    const { choices } = await ask({});
    for await (const event of choices[0] as AsyncIterable<StreamEvent>) if (event.type === 'text-delta') break;
    await tick();
    assert.ok(provider.turns[0]?.session.disposed);
    await answer({});
  });

  it('has room for the next although an aborted answer is never read on', async () => {
    const { provider, ask, answer } = await serve({ maxConcurrent: 1, maxWaiting: 0 });
    const abort = new AbortController();
    const { choices } = await ask({}, { signal: abort.signal });
    await (choices[0] as AsyncIterable<StreamEvent>)[Symbol.asyncIterator]().next();
    await assert.rejects(answer({}), { kind: 'overloaded' });
    abort.abort(new GatewayError('cancelled', 'Gone.'));
    assert.equal(provider.turns[0]?.session.usable, false);
    await answer({});
  });

  it('ends an answer with the reason of its abort, wherever it is', async () => {
    const { provider, ask, answer } = await serve({ maxConcurrent: 1, spares: 0 });
    const cancelled = new GatewayError('cancelled', 'Gone.');
    const abort = new AbortController();
    const held = Promise.withResolvers<void>();
    provider.beforeOpen = () => held.promise;
    const opening = answer({}, { signal: abort.signal });
    const waiting = answer({}, { signal: abort.signal });
    await tick();
    abort.abort(cancelled);
    await assert.rejects(opening, { kind: 'cancelled' });
    await assert.rejects(waiting, { kind: 'cancelled' });
    held.resolve();
    await tick();
    assert.ok(provider.sessions.every(({ disposed }) => disposed));
    const later = new AbortController();
    provider.script = async function* () {
      yield start;
      yield 'Half';
      later.abort(cancelled);
      await sleep(1);
      yield 'more';
    };
    const { choices } = await ask({}, { signal: later.signal });
    await assert.rejects(foldCompletion(choices[0] as AsyncIterable<StreamEvent>), { kind: 'cancelled' });
    assert.equal(provider.turns.length, 1, 'nobody is asked again for a caller that is gone');
  });

  it('makes each choice in a session of its own', async () => {
    const { provider, ask } = await serve();
    const { choices } = await ask({}, { choices: 3 });
    const answers = await Promise.all(choices.map(foldCompletion));
    assert.equal(answers.length, 3);
    assert.equal(new Set(provider.turns.map(({ session }) => session)).size, 3);
  });

  it('makes more choices than there is room for one after the other, also when nobody may wait', async () => {
    const { ask, answer } = await serve({ maxConcurrent: 2, maxWaiting: 0 });
    const { choices } = await ask({}, { choices: 5 });
    const all = Promise.all(choices.map(foldCompletion));
    await assert.rejects(answer({}), { kind: 'overloaded' });
    assert.deepEqual(
      (await all).map(({ message }) => textOf(message)),
      Array(5).fill('Hello'),
    );
    await answer({});
  });

  it('names the setting at fault as its caller did, wherever the fault is found', async () => {
    const { provider, answer } = await serve();
    const schema = { type: 'object', additionalProperties: true };
    const format = { kind: 'json-schema' as const, name: 'x', schema, strict: true };
    await assert.rejects(answer({ outputFormat: format }, { asked: { outputFormat: 'text.format' } }), {
      kind: 'invalid-request',
      param: 'text.format',
    });
    const fault = new GatewayError('invalid-request', 'It refused.', { parameter: 'stop', cause: 'for the log' });
    provider.script = () => [start, fault];
    await assert.rejects(answer({}, { asked: { stop: 'stop_sequences' } }), {
      message: 'It refused.',
      param: 'stop_sequences',
      cause: 'for the log',
    });
    await assert.rejects(answer({}), { message: 'It refused.', param: undefined });
  });

  it('tells which models are near when the model API knows no such one', async () => {
    const { provider, answer } = await serve();
    provider.models = [scriptedModel, { ...scriptedModel, id: 'model-2', aliases: [] }];
    provider.script = () => [start, new GatewayError('model-not-found', 'It does not know this model.')];
    const near = /^It does not know this model\. Did you mean .*model-1/;
    await assert.rejects(answer({ model: 'model-2' }), { kind: 'model-not-found', param: 'model', message: near });
  });

  it('uses web tools as it is set, and never against a tool of the caller', async () => {
    const webOf = async (webTools: GatewaySettings['webTools'], fields: Partial<GenerateRequest>) => {
      const { provider, ask } = await serve({ webTools });
      const { choices, ignored } = await ask(fields, { asked: { webSearch: 'web_search_options' } });
      await foldCompletion(choices[0] as AsyncIterable<StreamEvent>);
      return [provider.turns[0]?.session.lane.web, ignored];
    };
    assert.deepEqual(await webOf('auto', {}), [true, []]);
    assert.deepEqual(await webOf('auto', { tools: [tool] }), [false, []]);
    assert.deepEqual(await webOf('auto', { tools: [tool], webSearch: true }), [true, []]);
    assert.deepEqual(await webOf('on', { tools: [tool] }), [true, []]);
    assert.deepEqual(await webOf('off', { webSearch: true }), [false, ['web_search_options']]);
    const shadow = { ...tool, name: 'WebSearch' };
    assert.deepEqual(await webOf('on', { tools: [shadow], webSearch: true }), [false, ['web_search_options']]);
  });

  it("reports what it cannot honour in the caller's words, and only what the caller asked for", async () => {
    const { provider, ask } = await serve();
    const { choices, ignored } = await ask(
      { seed: 1, topK: 5, effort: 'medium' },
      { asked: { seed: 'seed', effort: 'reasoning_effort' }, ignored: ['logprobs'] },
    );
    assert.deepEqual([...ignored].sort(), ['logprobs', 'reasoning_effort', 'seed']);
    await foldCompletion(choices[0] as AsyncIterable<StreamEvent>);
    assert.equal(provider.turns[0]?.request.seed, undefined);
    assert.equal(provider.turns[0]?.request.effort, 'low');
  });

  it('answers json_object requests, and custom tools, of providers that know neither', async () => {
    const { provider, answer } = await serve();
    provider.script = ({ request: asked }) => [start, asked.messages.length > 1 ? '{"a":1}' : 'Sure!', finish];
    const object = await answer({ outputFormat: { kind: 'json-object' } });
    assert.equal(textOf(object.message), '{"a":1}');
    assert.deepEqual(
      provider.turns.map(({ known }) => known),
      [0, 2],
      'asked again where it answered',
    );
    const call = { kind: 'function' as const, id: 'c', name: 'patch', arguments: '{"input":"x"}' };
    provider.script = () => [
      start,
      { type: 'tool-call-start', index: 0, kind: 'function', id: 'c', name: 'patch' },
      { type: 'tool-call-end', index: 0, call },
      { ...finish, reason: 'tool-calls' } as StreamEvent,
    ];
    const tools = [{ kind: 'custom' as const, name: 'patch' }];
    const first = await answer({ tools });
    assert.deepEqual(first.message.content, [
      { type: 'tool-call', call: { kind: 'custom', id: 'c', name: 'patch', arguments: 'x' } },
    ]);
    const result: Message = { role: 'tool', callId: 'c', content: [] };
    await answer({ tools, messages: [...request().messages, first.message, result] });
    assert.equal(provider.turns.at(-1)?.known, 2, 'the echo of a custom call is known again');
  });

  it('fails before anything is opened for a model that does not exist or cannot take the content', async () => {
    const { provider, ask } = await serve({ spares: 0 });
    await assert.rejects(ask({ model: 'nothing' }), { kind: 'model-not-found' });
    const audio = { role: 'user' as const, content: [{ type: 'audio' as const, format: 'wav', data: '' }] };
    await assert.rejects(ask({ messages: [audio] }), { kind: 'invalid-request' });
    assert.equal(provider.sessions.length, 0);
  });

  it('says how its providers are, and nothing of their files', async () => {
    const provider = new ScriptedProvider();
    provider.status = { state: 'ready', version: '1.0.0', executable: '/home/someone/bin/tool' };
    provider.limits = [{ window: 'five_hour', utilization: 0.5, exhausted: false }];
    const { gateway } = await serve({}, provider);
    const { providers } = gateway.health();
    assert.equal(providers.scripted?.state, 'ready');
    assert.equal(providers.scripted?.version, '1.0.0');
    assert.deepEqual(providers.scripted?.quota, provider.limits);
    assert.doesNotMatch(JSON.stringify(providers), /someone/);
    assert.deepEqual(gateway.models(), [scriptedModel]);
    assert.equal((await gateway.model('model')).id, 'model-1');
  });

  it('closes spares, live sessions and providers with itself', async () => {
    const { gateway, provider, answer } = await serve();
    await answer({});
    await tick();
    await gateway[Symbol.asyncDispose]();
    assert.ok(provider.sessions.length >= 2);
    assert.ok(provider.sessions.every(({ disposed }) => disposed));
    assert.ok(provider.disposed);
  });

  it('tells of spares that cannot be opened, and still answers', async () => {
    const provider = new ScriptedProvider();
    provider.beforeOpen = () => Promise.reject(new Error('no memory'));
    const { answer, failures } = await serve({}, provider);
    assert.ok(failures.length > 0);
    provider.beforeOpen = async () => {};
    assert.equal(textOf((await answer({})).message), 'Hello');
  });
});

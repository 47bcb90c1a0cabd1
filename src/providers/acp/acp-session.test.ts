import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentStage } from '../../../test/support/stand-in-agent.ts';
import { CompletionBuilder } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { Loopback } from '../../tool-bridge/loopback.ts';
import { AcpSession } from './acp-session.ts';
import type { Agent, NativeSession } from './agent.ts';
import type { AgentProcess } from './agent-process.ts';
import type { SessionResult } from './wire.ts';

const look: FunctionTool = { kind: 'function', name: 'look', parameters: { type: 'object' } };

/** An agent without a history: it is prompted with the new messages alone. */
class PlainAgent implements Agent {
  readonly title = 'Plain agent';
  readonly origin = 'plain';
  readonly serverName = 'client';
  readonly cutsStops = true;
  readonly begun: string[] = [];
  readonly disposed: string[] = [];
  process: AgentProcess;
  overrides: Partial<NativeSession> = {};

  constructor(process: AgentProcess) {
    this.process = process;
  }

  async begin(request: GenerateRequest, { mcpServers }: Parameters<Agent['begin']>[1]): Promise<NativeSession> {
    const { process, disposed } = this;
    const made = await process.exclusively(() => process.request('session/new', { mcpServers }));
    const { sessionId: id = '' } = made as SessionResult;
    this.begun.push(id);
    return {
      process,
      id,
      prompt: blocks(request.messages),
      replayed: 0,
      continueWith: async (next, known) => blocks(next.messages.slice(known)),
      resumeWith: async () => true,
      conclude: async () => ({ usage: { inputTokens: 1, outputTokens: 1 } }),
      [Symbol.asyncDispose]: async () => void disposed.push(id),
      ...this.overrides,
    };
  }

  isCallersTool(): boolean {
    return false;
  }

  toGatewayError(error: unknown): GatewayError {
    return new GatewayError('provider-failed', 'The plain agent failed.', { cause: error });
  }
}

function blocks(messages: readonly Message[]) {
  return messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [{ type: 'text' as const, text: part.text }] : [])),
  );
}

function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function result(callId: string, text: string): Message {
  return { role: 'tool', callId, content: [{ type: 'text', text }] };
}

async function open() {
  const stage = new AgentStage();
  const loopback = new Loopback();
  const process = await stage.start();
  await process.ready;
  const agent = new PlainAgent(process);
  let closed = 0;
  const session = new AcpSession({
    agent,
    loopback,
    onClosed: () => {
      closed += 1;
    },
  });
  const ask = async (messages: Message[], known = 0, rest: Partial<GenerateRequest> = {}) => {
    const events: StreamEvent[] = [];
    const builder = new CompletionBuilder();
    const request = { model: 'plain', messages, tools: [], ...rest };
    for await (const event of session.turn(request, { known }, AbortSignal.timeout(20_000))) {
      events.push(event);
      builder.add(event);
    }
    const text = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    const calls = events.flatMap((event) => (event.type === 'tool-call-end' ? [event.call] : []));
    return { text, calls, completion: builder.build(), message: builder.message };
  };
  return {
    agent,
    session,
    stage,
    ask,
    closed: () => closed,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await loopback[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
    },
  };
}

describe('AcpSession', { timeout: 60_000 }, () => {
  it('answers, and goes on in the same native session', async () => {
    await using plain = await open();
    const first = await plain.ask([user('say One')]);
    assert.equal(first.text, 'One');
    const second = await plain.ask([user('say One'), first.message, user('say Two')], 2);
    assert.equal(second.text, 'Two');
    assert.equal(plain.agent.begun.length, 1);
  });

  it('begins anew where the native session cannot go on, and is as usable as before', async () => {
    await using plain = await open();
    plain.agent.overrides = { continueWith: async () => undefined };
    const first = await plain.ask([user('say One')]);
    await plain.ask([user('say One'), first.message, user('say Two')], 2);
    assert.equal(plain.agent.begun.length, 2);
    assert.deepEqual(plain.agent.disposed, plain.agent.begun.slice(0, 1));
    assert.equal(plain.session.usable, true);
  });

  it('begins anew where the agent has died between two turns', async () => {
    await using plain = await open();
    const first = await plain.ask([user('say One')]);
    await plain.agent.process.end();
    plain.agent.process = await plain.stage.start();
    const second = await plain.ask([user('say One'), first.message, user('say Two')], 2);
    assert.match(second.text, /Two$/);
  });

  it('ends its turn at a call, and goes on with the result', async () => {
    await using plain = await open();
    const question = [user('say Let me see. \ncall look {"at":"Paris"}\nsay !')];
    const first = await plain.ask(question, 0, { tools: [look] });
    assert.equal(first.completion.reason, 'tool-calls');
    assert.deepEqual(
      first.calls.map(({ name, arguments: given }) => [name, given]),
      [['look', '{"at":"Paris"}']],
    );
    const messages = [...question, first.message, result(first.calls[0]?.id ?? '', 'sunny')];
    const second = await plain.ask(messages, 2, { tools: [look] });
    assert.equal(second.text, 'sunny!');
    assert.equal(plain.agent.begun.length, 1);
  });

  it('tells all calls at once where the agent is known to make more, and hands over each result in its time', async () => {
    await using plain = await open();
    const calls = ['Paris', 'Rome'].map((at) => ({ name: 'look', arguments: { at } }));
    let concluded = 0;
    plain.agent.overrides = {
      conclude: async () => {
        concluded += 1;
        return { usage: { inputTokens: 1, outputTokens: 1 }, ...(concluded === 1 && { calls }) };
      },
    };
    const question = [user('call look {"at":"Paris"}\ncall look {"at":"Rome"}')];
    const first = await plain.ask(question, 0, { tools: [look] });
    assert.equal(first.calls.length, 2);
    const results = first.calls.map(({ id }, index) => result(id, `result ${index} `));
    const second = await plain.ask([...question, first.message, ...results.toReversed()], 2, { tools: [look] });
    assert.equal(second.completion.reason, 'stop');
    assert.equal(second.text.replaceAll('\n', ''), 'result 0 result 1 ');
    assert.equal(concluded, 2);
  });

  it('tells everything anew where something else than the results comes', async () => {
    await using plain = await open();
    const question = [user('call look {}')];
    const first = await plain.ask(question, 0, { tools: [look] });
    const messages = [user('say Well'), first.message, result(first.calls[0]?.id ?? '', 'say seen'), user('say Then')];
    const second = await plain.ask(messages, 2, { tools: [look] });
    assert.match(second.text, /Then$/);
    assert.equal(plain.agent.begun.length, 2);
  });

  it('cuts at a stop sequence, and is still usable', async () => {
    await using plain = await open();
    const { completion, text } = await plain.ask([user('say one END two\nwait')], 0, { stop: ['END'] });
    assert.equal(text, 'one ');
    assert.deepEqual([completion.reason, completion.stopSequence], ['stop', 'END']);
    assert.equal(plain.session.usable, true);
    assert.equal((await plain.ask([user('say More')])).text, 'More');
  });

  it('says an answer that a forced call holds, and calls nothing', async () => {
    await using plain = await open();
    plain.agent.overrides = {
      conclude: async () => ({ usage: { inputTokens: 1, outputTokens: 1 }, answer: '{"city":"Rome"}' }),
    };
    const { text, calls, completion } = await plain.ask([user('call look {}')], 0, { tools: [look] });
    assert.equal(text, '{"city":"Rome"}');
    assert.deepEqual(calls, []);
    assert.equal(completion.reason, 'stop');
  });

  it('ends where the agent would not, or has failed in silence', async () => {
    await using plain = await open();
    plain.agent.overrides = { watch: ({ end }) => setTimeout(end, 50) };
    assert.equal((await plain.ask([user('say Enough\nwait')])).text, 'Enough');
    plain.agent.overrides = {
      watch: ({ fail }) => setTimeout(() => fail(new GatewayError('rate-limited', 'Slow down.')), 50),
    };
    await assert.rejects(plain.ask([user('wait')]), { kind: 'rate-limited' });
  });

  it('fails with the agent, and is closed then', async () => {
    await using plain = await open();
    await assert.rejects(plain.ask([user('say One\nfail 500 no')]), { kind: 'provider-failed' });
    assert.equal(plain.session.usable, false);
    await plain.session.exited;
    assert.equal(plain.closed(), 1);
    assert.deepEqual(plain.agent.disposed, plain.agent.begun);
  });

  it('is cut off by an abort, and tells the agent', async () => {
    await using plain = await open();
    const stop = new AbortController();
    const request = { model: 'plain', messages: [user('say Well\nwait')], tools: [] };
    await assert.rejects(
      async () => {
        for await (const event of plain.session.turn(request, { known: 0 }, stop.signal)) {
          if (event.type === 'text-delta') stop.abort(new GatewayError('cancelled', 'Enough.'));
        }
      },
      { kind: 'cancelled' },
    );
    await plain.session.exited;
    assert.deepEqual(plain.agent.disposed, plain.agent.begun);
  });

  it('frees what it holds when it is closed while a call waits', async () => {
    await using plain = await open();
    await plain.ask([user('call look {}')], 0, { tools: [look] });
    await plain.session[Symbol.asyncDispose]();
    assert.deepEqual(plain.agent.disposed, plain.agent.begun);
    assert.equal(plain.closed(), 1);
  });
});

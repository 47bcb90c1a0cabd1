import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import { zodFunction } from 'openai/helpers/zod';
import { z } from 'zod';
import { readAnthropicUpstream } from '../contracts/claude.upstream.ts';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

type Message = OpenAI.ChatCompletionMessageParam;

const tools: OpenAI.ChatCompletionFunctionTool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `Does ${name}`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}));
const question: Message = {
  role: 'user',
  content: '[[call get_weather {"city":"Paris"}]] [[call get_time {"city":"Rome"}]]',
};

describe('tools with the openai package', { skip: skipWithoutClaude, timeout: 120_000 }, () => {
  let server: SimulatedServer;
  let client: OpenAI;
  before(async () => {
    server = await SimulatedServer.start();
    client = server.client();
  });
  after(() => server[Symbol.asyncDispose]());

  const upstream = () => readAnthropicUpstream(server.simulator.lastRequest() ?? assert.fail('nothing arrived'));

  async function ask(messages: Message[]): Promise<OpenAI.ChatCompletion.Choice> {
    const { choices } = await client.chat.completions.create({ model, messages, tools });
    return choices[0] ?? assert.fail('no choice');
  }

  function withResults(messages: Message[], message: OpenAI.ChatCompletionMessage): Message[] {
    const results = message.tool_calls?.map(({ id }, index) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: `result ${index}`,
    }));
    return [...messages, message, ...(results ?? [])];
  }

  function assertContinued(message: OpenAI.ChatCompletionMessage): void {
    const ids = message.tool_calls?.map(({ id }) => id) ?? [];
    assert.deepEqual(upstream().messages, [
      { role: 'user', content: [{ text: question.content }] },
      {
        role: 'assistant',
        content: [
          { call: ids[0], name: 'get_weather', arguments: { city: 'Paris' } },
          { call: ids[1], name: 'get_time', arguments: { city: 'Rome' } },
        ],
      },
      {
        role: 'user',
        content: ids.map((id, index) => ({ result: id, content: [{ text: `result ${index}` }], isError: false })),
      },
    ]);
    assert.deepEqual(
      upstream()
        .tools.map(({ name }) => name)
        .sort(),
      ['get_time', 'get_weather'],
    );
  }

  it('calls two at once and goes on with their results in the same process', async () => {
    const { message, finish_reason } = await ask([question]);
    assert.equal(finish_reason, 'tool_calls');
    assert.equal(message.content, null);
    assert.deepEqual(
      message.tool_calls?.map((call) => call.type === 'function' && [call.function.name, call.function.arguments]),
      [
        ['get_weather', '{"city":"Paris"}'],
        ['get_time', '{"city":"Rome"}'],
      ],
    );
    const used = server.sessions.opened.find(({ turns }) => turns === 1);
    const answer = await ask(withResults([question], message));
    assert.match(answer.message.content ?? '', /result 0.*result 1/);
    assert.equal(used?.turns, 2);
    assertContinued(message);
  });

  it('goes on after a restart of the server', async () => {
    const { message } = await ask([question]);
    await server.restart();
    client = server.client();
    const answer = await ask(withResults([question], message));
    assert.match(answer.message.content ?? '', /result 0.*result 1/);
    assertContinued(message);
  });

  it('streams calls in pieces that join to JSON', async () => {
    const stream = await client.chat.completions.create({ model, messages: [question], tools, stream: true });
    const calls: { id: string; name: string; arguments: string }[] = [];
    let finish: string | null = null;
    for await (const { choices } of stream) {
      for (const piece of choices[0]?.delta.tool_calls ?? []) {
        if (piece.id) calls[piece.index] = { id: piece.id, name: piece.function?.name ?? '', arguments: '' };
        const call = calls[piece.index] ?? assert.fail('a piece of no call');
        call.arguments += piece.function?.arguments ?? '';
      }
      finish = choices[0]?.finish_reason ?? finish;
    }
    assert.equal(finish, 'tool_calls');
    assert.deepEqual(
      calls.map(({ name, arguments: text }) => [name, JSON.parse(text)]),
      [
        ['get_weather', { city: 'Paris' }],
        ['get_time', { city: 'Rome' }],
      ],
    );
  });

  it('serves runTools', async () => {
    const asked: string[] = [];
    const runner = client.chat.completions.runTools({
      model,
      messages: [{ role: 'user', content: '[[call get_weather {"city":"Oslo"}]]' }],
      tools: [
        zodFunction({
          name: 'get_weather',
          parameters: z.object({ city: z.string() }),
          function: ({ city }) => {
            asked.push(city);
            return 'snow';
          },
        }),
      ],
    });
    assert.match((await runner.finalContent()) ?? '', /snow/);
    assert.deepEqual(asked, ['Oslo']);
  });

  it('obeys tool_choice and parallel_tool_calls', async () => {
    await client.chat.completions.create({
      model,
      messages: [question],
      tools,
      tool_choice: { type: 'function', function: { name: 'get_time' } },
      parallel_tool_calls: false,
    });
    assert.deepEqual(upstream().toolChoice, { mode: 'tool', name: 'get_time' });
    assert.equal(upstream().parallelToolCalls, false);
  });

  it('serves custom tools', async () => {
    const patch: OpenAI.ChatCompletionCustomTool = {
      type: 'custom',
      custom: { name: 'patch', description: 'Patches' },
    };
    const ask = { role: 'user' as const, content: '[[call patch {"input":"*** Begin"}]]' };
    const { choices } = await client.chat.completions.create({ model, messages: [ask], tools: [patch] });
    const [call] = choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(call?.type === 'custom' && call.custom, { name: 'patch', input: '*** Begin' });
    const messages: Message[] = [
      ask,
      choices[0]?.message ?? assert.fail(),
      { role: 'tool', tool_call_id: call?.id ?? '', content: 'done' },
    ];
    const second = await client.chat.completions.create({ model, messages, tools: [patch] });
    assert.match(second.choices[0]?.message.content ?? '', /done/);
  });

  it('serves functions, the forerunner of tools', async () => {
    const functions = [{ name: 'look', parameters: { type: 'object', properties: {} } }];
    const messages: Message[] = [
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{}' } },
      { role: 'function', name: 'look', content: 'a tree' },
    ];
    const { choices } = await client.chat.completions.create({ model, messages, functions });
    assert.match(choices[0]?.message.content ?? '', /a tree/);
    assert.deepEqual(
      upstream().messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { ChatOpenAI } from '@langchain/openai';
import { type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { skipWithoutClients } from '../support/client-clis.ts';
import { SimulatedServer } from '../support/simulated-server.ts';

const models = ['claude-sonnet-5', 'gpt-5.5', 'gemini-2.5-pro', 'qwen3-coder-plus'];
const question = '[[call get_weather {"city":"Paris"}]]';

describe('the official packages as clients', { skip: skipWithoutClients, timeout: 240_000 }, () => {
  let server: SimulatedServer;
  before(async () => {
    server = await SimulatedServer.start({ clis: 'all' });
  });
  after(() => server[Symbol.asyncDispose]());

  /** Streams an answer that needs one call of a tool, and its result. */
  async function runAgent(model: LanguageModel): Promise<void> {
    const asked: unknown[] = [];
    const { text, steps } = streamText({
      model,
      prompt: question,
      tools: {
        get_weather: tool({
          description: 'The weather in a city.',
          inputSchema: z.object({ city: z.string() }),
          execute: async (input) => {
            asked.push(input);
            return '[[text It is sunny.]]';
          },
        }),
      },
      stopWhen: stepCountIs(3),
    });
    assert.equal(await text, 'It is sunny.');
    assert.equal((await steps).length, 2);
    assert.deepEqual(asked, [{ city: 'Paris' }]);
  }

  const apiKey = 'unused';
  const kits: Record<string, (model: string) => LanguageModel> = {
    '@ai-sdk/openai': (model) => createOpenAI({ baseURL: `${server.url}/v1`, apiKey })(model),
    '@ai-sdk/openai, chat': (model) => createOpenAI({ baseURL: `${server.url}/v1`, apiKey }).chat(model),
    '@ai-sdk/openai-compatible': (model) =>
      createOpenAICompatible({ name: 'own', baseURL: `${server.url}/v1`, apiKey })(model),
    '@ai-sdk/anthropic': (model) => createAnthropic({ baseURL: `${server.url}/v1`, apiKey })(model),
    '@ai-sdk/google': (model) => createGoogleGenerativeAI({ baseURL: `${server.url}/v1beta`, apiKey })(model),
  };
  for (const [title, kit] of Object.entries(kits)) {
    for (const model of models) {
      it(`${title} runs a tool with ${model}`, () => runAgent(kit(model)));
    }
  }

  it('@anthropic-ai/sdk creates, streams and counts', async () => {
    const client = new Anthropic({ baseURL: server.url, apiKey, maxRetries: 0 });
    const request = {
      model: 'gpt-5.5',
      max_tokens: 100,
      messages: [{ role: 'user' as const, content: '[[text Hello there]]' }],
    };
    const { content } = await client.messages.create(request);
    assert.equal(content[0]?.type === 'text' && content[0].text, 'Hello there');
    assert.equal(await client.messages.stream(request).finalText(), 'Hello there');
    assert.ok((await client.messages.countTokens(request)).input_tokens > 0);
    const { data } = await client.models.list();
    assert.ok(data.some(({ id }) => id === 'gpt-5.5'));
    const unknown = client.messages.create({ ...request, model: 'nobodys-model' });
    await assert.rejects(
      unknown,
      (error) => error instanceof Anthropic.NotFoundError && /nobodys-model/.test(error.message),
    );
  });

  it('@google/genai generates, streams and counts', async () => {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } });
    const request = { model: 'claude-sonnet-5', contents: '[[text Hello there]]' };
    assert.equal((await client.models.generateContent(request)).text, 'Hello there');
    let streamed = '';
    for await (const { text } of await client.models.generateContentStream(request)) streamed += text ?? '';
    assert.equal(streamed, 'Hello there');
    assert.ok(((await client.models.countTokens(request)).totalTokens ?? 0) > 0);
  });

  it('@langchain/openai streams and calls tools', async () => {
    const chat = new ChatOpenAI({ model: 'qwen3-coder-plus', apiKey, configuration: { baseURL: `${server.url}/v1` } });
    let streamed = '';
    for await (const { text } of await chat.stream('[[text Hello there]]')) streamed += text;
    assert.equal(streamed, 'Hello there');
    const weather = {
      type: 'function',
      function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
    };
    const { tool_calls: calls } = await chat.bindTools([weather]).invoke(question);
    assert.deepEqual(
      calls?.map(({ name, args }) => [name, args]),
      [['get_weather', { city: 'Paris' }]],
    );
  });
});

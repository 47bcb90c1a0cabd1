import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import { skipWithoutClients } from '../support/client-clis.ts';
import { SimulatedServer } from '../support/simulated-server.ts';
import { tinyImages } from '../support/tiny-images.ts';

type Message = OpenAI.ChatCompletionMessageParam;

/** Each turn's model, and the model API that must be asked for it. */
const turns = [
  { model: 'claude-sonnet-5', api: 'anthropic' },
  { model: 'gpt-5.5', api: 'openai-responses' },
  { model: 'gemini-2.5-pro', api: 'gemini' },
  { model: 'qwen3-coder-plus', api: 'openai-chat' },
  { model: 'claude-sonnet-5', api: 'anthropic' },
] as const;

const tools: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: 'function',
    function: {
      name: 'look_up',
      description: 'Looks something up.',
      parameters: { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] },
    },
  },
];
const image = tinyImages['image/png'];

describe('a conversation that changes its provider at every turn', {
  skip: skipWithoutClients,
  timeout: 120_000,
}, () => {
  let server: SimulatedServer;
  before(async () => {
    server = await SimulatedServer.start({ clis: 'all' });
  });
  after(() => server[Symbol.asyncDispose]());

  it('keeps its questions, images, calls, results and answers in their order', async () => {
    const client = server.client();
    const messages: Message[] = [{ role: 'system', content: 'You are a librarian.' }];
    const ask = async (model: string) => {
      const { choices } = await client.chat.completions.create({ model, messages, tools });
      const { message, finish_reason: reason } = choices[0] ?? assert.fail('no choice');
      messages.push(message);
      return { message, reason };
    };
    for (const [index, { model, api }] of turns.entries()) {
      messages.push({
        role: 'user',
        content: [
          { type: 'text', text: `[[call look_up {"what":"thing ${index}"}]] question ${index}` },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
        ],
      });
      const asked = await ask(model);
      assert.equal(asked.reason, 'tool_calls', model);
      const [call] = asked.message.tool_calls ?? [];
      assert.ok(call?.type === 'function', model);
      assert.deepEqual(
        [call.function.name, JSON.parse(call.function.arguments)],
        ['look_up', { what: `thing ${index}` }],
      );
      messages.push({ role: 'tool', tool_call_id: call.id, content: `[[text Answer ${index}.]] result ${index}` });
      const answered = await ask(model);
      assert.equal(answered.message.content, `Answer ${index}.`, model);

      const upstream = server.simulator.requests.findLast(({ rawBody }) => rawBody.includes(`result ${index}`));
      assert.equal(upstream?.api, api);
      assert.match(upstream.rawBody, /You are a librarian\./);
      assert.equal(upstream.rawBody.split(image).length - 1, index + 1, `images for ${model}`);
      const order = [...JSON.stringify(upstream.body).matchAll(/(question|thing|result|Answer) (\d)(?!\.\])/g)];
      const told = order.map(([, word, number]) => `${word} ${number}`);
      const expected = turns.slice(0, index + 1).flatMap((_, turn) => [
        ...[`thing ${turn}`, `question ${turn}`, `thing ${turn}`],
        // The directive in the result names the answer that follows it.
        ...(turn < index ? [`result ${turn}`, `Answer ${turn}`] : [`result ${turn}`]),
      ]);
      assert.deepEqual(told, expected, model);
    }
  });
});

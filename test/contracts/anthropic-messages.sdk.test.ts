import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { GatewayError } from '../../src/core/error.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import { answered, calling, said } from './anthropic-messages.answers.ts';
import { type Model, reply } from './anthropic-messages.server.ts';

const hello = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'hi' }] };

function clientOf(model: Model): Anthropic {
  return new Anthropic({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async (url, init) => {
      const path = new URL(String(url)).pathname;
      const { status, type, body } = await reply(path, JSON.parse(String(init?.body)), model);
      return new Response(body, { status, headers: { 'content-type': type, 'request-id': 'req_test' } });
    },
  });
}

const textOf = ({ messages }: GenerateRequest) =>
  messages.at(-1)?.content.flatMap((part) => (part.type === 'text' ? part.text : []));

describe('the official client of anthropic-messages', { timeout: 20_000 }, () => {
  it('creates a message, streamed and whole, and sees the same', async () => {
    const client = clientOf(() =>
      answered(
        'tool-calls',
        { type: 'reasoning-delta', text: 'Hm.' },
        { type: 'reasoning-end', origin: 'one', signature: 's' },
        { type: 'text-delta', text: 'Let me ' },
        { type: 'text-delta', text: 'see.' },
        ...calling(0, 'toolu_1', 'f', { a: 1 }),
        ...calling(1, 'call|2', 'g', {}),
      ),
    );
    const whole = await client.messages.create(hello);
    const streamed = await client.messages.stream(hello).finalMessage();
    assert.match(whole.id, /^msg_/);
    assert.deepEqual(
      [whole.content, whole.stop_reason, whole.usage],
      [streamed.content, streamed.stop_reason, streamed.usage],
    );
    const events: string[] = [];
    for await (const { type } of await client.messages.create({ ...hello, stream: true })) events.push(type);
    assert.equal(events.at(-1), 'message_stop');
  });

  it('runs tools until there is an answer', async () => {
    const tool = betaTool({
      name: 'weather',
      description: 'Looks out.',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => `sun over ${city}`,
    });
    const client = clientOf(({ request }) => {
      assert.deepEqual(request.tools[0]?.name, 'weather');
      if (request.messages.at(-1)?.role !== 'tool') {
        return answered(
          'tool-calls',
          ...calling(0, 'a', 'weather', { city: 'Bern' }),
          ...calling(1, 'b', 'weather', { city: 'Basel' }),
        );
      }
      const results = request.messages.filter(({ role }) => role === 'tool');
      return said(`Reported: ${results.flatMap((message) => textOf({ ...request, messages: [message] })).join(', ')}.`);
    });
    for (const stream of [false, true]) {
      const runner = client.beta.messages.toolRunner({ ...hello, tools: [tool], stream });
      const { content } = await runner.runUntilDone();
      assert.partialDeepStrictEqual(content, [{ text: 'Reported: sun over Bern, sun over Basel.' }]);
    }
  });

  it('continues a conversation with what it was given, reasoning and all', async () => {
    const first = answered(
      'tool-calls',
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'reasoning-end', origin: 'one', encrypted: 'e' },
      { type: 'reasoning-end', origin: 'one', encrypted: 'f' },
      ...calling(0, 'a', 'f', { a: 1 }),
    );
    const client = clientOf(({ request }) => (request.messages.length === 1 ? first : said('Done.')));
    const { content } = await client.messages.create(hello);
    const messages: MessageParam[] = [
      ...hello.messages,
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
    ];
    let seen: GenerateRequest | undefined;
    await clientOf(({ request }) => {
      seen = request;
      return said('Done.');
    }).messages.create({ ...hello, messages });
    assert.deepEqual(seen?.messages[1]?.content, [
      { type: 'reasoning', text: 'Hm.', origin: 'one', encrypted: 'e' },
      { type: 'reasoning', text: '', origin: 'one', encrypted: 'f' },
      { type: 'tool-call', call: { kind: 'function', id: 'a', name: 'f', arguments: '{"a":1}' } },
    ]);
  });

  it('parses an answer that follows a schema', async () => {
    const client = clientOf(({ request }) => {
      assert.equal(request.outputFormat?.kind, 'json-schema');
      return said('{"city":"Bern"}');
    });
    const schema = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false };
    const format = {
      type: 'json_schema' as const,
      schema,
      parse: (text: string) => JSON.parse(text) as { city: string },
    };
    const { parsed_output: parsed } = await client.messages.parse({ ...hello, output_config: { format } });
    assert.equal(parsed?.city, 'Bern');
  });

  it('counts tokens', async () => {
    const { model, messages } = hello;
    const count = await clientOf(() => said('')).messages.countTokens({ model, messages });
    assert.deepEqual(count, { input_tokens: 42 });
  });

  it('knows failures by their kinds', async () => {
    const client = clientOf(() => {
      throw new GatewayError('overloaded', 'Too much at once.');
    });
    await assert.rejects(client.messages.create(hello), { type: 'overloaded_error', requestID: 'req_test' });
    await assert.rejects(client.messages.create({ ...hello, messages: [] }), {
      name: 'BadRequestError',
      type: 'invalid_request_error',
      apiMessage: 'messages: must not be empty.',
    });
  });
});

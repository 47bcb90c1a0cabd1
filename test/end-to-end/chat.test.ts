import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { readAnthropicUpstream } from '../contracts/claude.upstream.ts';
import { pdf, png } from '../contracts/provider/samples.ts';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

describe('chat completions with the openai package', { skip: skipWithoutClaude, timeout: 120_000 }, () => {
  let server: SimulatedServer;
  let client: OpenAI;
  before(async () => {
    server = await SimulatedServer.start();
    client = server.client();
  });
  after(() => server[Symbol.asyncDispose]());

  const say = (content: string) => [{ role: 'user' as const, content }];
  const upstream = () => readAnthropicUpstream(server.simulator.lastRequest() ?? assert.fail('nothing arrived'));

  it('streams', async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'system', content: 'Be brief.' }, ...say('[[think Well]] [[text one two three]]')],
    });
    const chunks = await Array.fromAsync(stream);
    assert.equal(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size, 1);
    assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' });
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta as Record<string, string>));
    assert.equal(deltas.map(({ reasoning_content: text = '' }) => text).join(''), 'Well');
    assert.equal(deltas.map(({ content }) => content ?? '').join(''), 'one two three');
    assert.ok(deltas.filter(({ content }) => content).length >= 3);
    assert.equal(chunks.at(-2)?.choices[0]?.finish_reason, 'stop');
    assert.deepEqual(chunks.at(-1)?.choices, []);
    assert.ok((chunks.at(-1)?.usage?.completion_tokens ?? 0) > 0);
    assert.ok(chunks.slice(0, -1).every(({ usage }) => usage === null));
    assert.equal(upstream().system, 'Be brief.');
  });

  it('answers whole, and says how', async () => {
    using _ = server.simulator.script('count me', [
      { type: 'text', text: 'Counted' },
      { type: 'usage', input: 100, output: 7, cacheRead: 20, cacheWrite: 3 },
    ]);
    const { data, response } = await client.chat.completions
      .create({ model, messages: say('count me'), temperature: 0.3, logprobs: true, seed: 7 })
      .withResponse();
    assert.equal(data.choices[0]?.message.content, 'Counted');
    assert.equal(data.choices[0]?.finish_reason, 'stop');
    assert.equal(data.model, model);
    assert.deepEqual(
      [data.usage?.prompt_tokens, data.usage?.completion_tokens, data.usage?.total_tokens],
      [123, 7, 130],
    );
    assert.equal(data.usage?.prompt_tokens_details?.cached_tokens, 20);
    assert.equal(response.headers.get('x-route'), `claude/default/${model}`);
    assert.deepEqual(response.headers.get('x-ignored-params')?.split(/, ?/).sort(), [
      'logprobs',
      'seed',
      'temperature',
    ]);
    assert.match(response.headers.get('x-request-id') ?? '', /./);
  });

  it('serves the stream helper', async () => {
    const stream = client.chat.completions.stream({ model, messages: say('[[text Hello there]]') });
    let text = '';
    stream.on('content', (delta) => {
      text += delta;
    });
    assert.equal(await stream.finalContent(), 'Hello there');
    assert.equal(text, 'Hello there');
  });

  it('serves parse with a zod schema', async () => {
    const City = z.object({ name: z.string(), people: z.number().int(), twin: z.string().nullable() });
    const { choices } = await client.chat.completions.parse({
      model,
      messages: say('Name a city.'),
      response_format: zodResponseFormat(City, 'city'),
    });
    assert.ok(City.safeParse(choices[0]?.message.parsed).success);
    assert.deepEqual(Object.keys(upstream().outputSchema ?? {}).includes('properties'), true);
  });

  it('fails where a strict schema is not followed, and repairs plain JSON', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    };
    await assert.rejects(
      client.chat.completions.create({
        model,
        messages: say('[[text {"a":"no number"}]]'),
        response_format: { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } },
      }),
      { status: 502 },
    );
    const { choices } = await client.chat.completions.create({
      model,
      messages: say('[[text ```json {"a":1} ```]]'),
      response_format: { type: 'json_object' },
    });
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { a: 1 });
  });

  it('takes images and documents as data', async () => {
    const url = `data:image/png;base64,${png(77)}`;
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '[[text Seen]]' },
            { type: 'image_url', image_url: { url } },
            { type: 'file', file: { filename: 'page.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
          ],
        },
      ],
    });
    assert.equal(choices[0]?.message.content, 'Seen');
    assert.deepEqual(upstream().messages[0]?.content, [
      { text: '[[text Seen]]' },
      { image: png(77), mediaType: 'image/png' },
      { document: pdf, mediaType: 'application/pdf' },
    ]);
  });

  it('makes several choices', async () => {
    let asked = 0;
    using _ = server.simulator.script('choose', () => {
      asked += 1;
      return [{ type: 'text', text: `choice ${asked}` }];
    });
    const { choices } = await client.chat.completions.create({ model, n: 2, messages: say('choose') });
    assert.deepEqual(
      choices.map(({ index }) => index),
      [0, 1],
    );
    assert.deepEqual(choices.map(({ message }) => message.content).sort(), ['choice 1', 'choice 2']);
    const stream = await client.chat.completions.create({ model, n: 2, stream: true, messages: say('choose') });
    const texts = ['', ''];
    for await (const { choices: pieces } of stream) {
      for (const { index, delta } of pieces) texts[index] += delta.content ?? '';
    }
    assert.deepEqual(texts.sort(), ['choice 3', 'choice 4']);
  });

  it('tells why an answer ended', async () => {
    const ends = { '[[text Long]] [[length]]': 'length', '[[text No]] [[refuse]]': 'content_filter' };
    for (const [prompt, reason] of Object.entries(ends)) {
      const { choices } = await client.chat.completions.create({ model, max_tokens: 50, messages: say(prompt) });
      assert.equal(choices[0]?.finish_reason, reason);
    }
    const { choices } = await client.chat.completions.create({
      model,
      stop: 'END',
      messages: say('[[text one END two]]'),
    });
    assert.equal(choices[0]?.message.content?.trim(), 'one');
    assert.equal(choices[0]?.finish_reason, 'stop');
  });

  it('takes the body of the other API at the chat path', async () => {
    const response = await server.post({
      model,
      instructions: 'Be brief.',
      input: [{ role: 'user', content: [{ type: 'input_text', text: '[[call look {"at":"x"}]]' }] }],
      tools: [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }],
      reasoning: { effort: 'low' },
      max_output_tokens: 500,
    });
    const body = (await response.json()) as OpenAI.ChatCompletion;
    assert.equal(body.object, 'chat.completion');
    const [call] = body.choices[0]?.message.tool_calls ?? [];
    assert.equal(call?.type === 'function' && call.function.name, 'look');
    assert.equal(upstream().effort, 'low');
    assert.equal(upstream().maxOutputTokens, 500);
  });

  it('takes the older and newer ways to name a model, an effort and a path', async () => {
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sonnet', reasoning_effort: 'minimal', messages: say('[[text Hello]]') }),
    });
    assert.equal(response.status, 200);
    assert.equal(upstream().model, 'claude-sonnet-5-5');
    assert.equal(upstream().effort, 'low');
  });

  it('lists models and describes one', async () => {
    const ids = (await Array.fromAsync(client.models.list())).map(({ id }) => id);
    assert.ok(ids.length >= 3 && ids.every((id) => id.startsWith('claude-')), `${ids}`);
    assert.equal((await client.models.retrieve(ids[0] ?? '')).id, ids[0]);
    assert.equal((await client.models.retrieve('opus')).object, 'model');
    await assert.rejects(client.models.retrieve('nobodys-model'), { status: 404, code: 'model_not_found' });
  });

  it('searches the web where the caller asks', async () => {
    const answer = 'It is [sunny](https://example.com/first).';
    let asked = 0;
    using _ = server.simulator.script(
      ({ rawBody, prompt }) => rawBody.includes('the weather today') && !prompt.webSearch,
      () => {
        asked += 1;
        if (asked > 1) return [{ type: 'text', text: answer }];
        return [{ type: 'call', name: 'WebSearch', arguments: { query: 'weather' } }];
      },
    );
    const { choices } = await client.chat.completions.create({
      model,
      web_search_options: {},
      messages: say('the weather today'),
    });
    assert.equal(choices[0]?.message.content, answer);
    const [annotation] = choices[0]?.message.annotations ?? [];
    assert.equal(annotation?.url_citation.url, 'https://example.com/first');
  });
});

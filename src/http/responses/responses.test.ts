import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { eventually } from '../../../test/support/eventually.ts';
import { finish, type Script, scripted, startServer } from '../../../test/support/http-server.ts';
import { memoryResponses } from '../../../test/support/memory-responses.ts';
import { GatewayError } from '../../core/error.ts';
import type { Message } from '../../core/message.ts';
import type { StoredResponses } from '../../core/stored-response.ts';
import { openaiCompaction, openaiResponses } from '../../dialects/openai-responses/openai-responses.ts';

const model = 'm';

/** A server whose model answers `re: ` and the last thing said, and whose store is given. */
async function start(options: { store?: StoredResponses | 'none'; script?: Script; apiKeys?: string[] } = {}) {
  const seen: Message[][] = [];
  const { store = memoryResponses() } = options;
  const script: Script = (signal, operation, context) => {
    seen.push(operation.request.messages);
    return (options.script ?? answer)(signal, operation, context);
  };
  const server = await startServer(
    script,
    { apiKeys: options.apiKeys ?? [] },
    {
      dialects: [openaiResponses, openaiCompaction],
      ...(store !== 'none' && { responses: store }),
    },
  );
  const client = (apiKey = 'unused') => new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
  return { server, client, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const answer: Script = (signal, { request }) => {
  const last = request.messages.at(-1);
  return [scripted(signal, `re: ${last ? textOf(last) : ''}`, finish)];
};

const textOf = ({ content }: Message) => content.map((part) => ('text' in part ? part.text : '')).join('');

/** What the model was told at last. */
const told = (messages: Message[] | undefined) => messages?.map((message) => `${message.role}: ${textOf(message)}`);

/** The error that a call ends with. */
async function failure(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  return assert.fail('it did not fail');
}

describe('a stored response', () => {
  it('is continued by its id, streamed or whole, and without its instructions', async () => {
    await using test = await start();
    const client = test.client();
    const first = await client.responses.create({ model, input: 'One', instructions: 'Be brief.' });
    assert.ok('store' in first && first.store === true);
    const stream = await client.responses.create({
      model,
      input: 'Two',
      previous_response_id: first.id,
      stream: true,
    });
    let second = '';
    for await (const event of stream) if (event.type === 'response.completed') second = event.response.id;
    const third = await client.responses.create({ model, input: 'Three', previous_response_id: second });
    assert.equal(third.previous_response_id, second);
    assert.deepEqual(told(test.seen.at(-1)), [
      'user: One',
      'assistant: re: One',
      'user: Two',
      'assistant: re: Two',
      'user: Three',
    ]);
  });

  it('is there as soon as its stream says that it is complete', async () => {
    await using test = await start();
    const client = test.client();
    for await (const event of await client.responses.create({ model, input: 'One', stream: true })) {
      if (event.type !== 'response.completed') continue;
      const found = await client.responses.retrieve(event.response.id);
      assert.deepEqual(found.output, event.response.output);
      assert.notEqual(found.completed_at, null);
    }
  });

  it('is given back, listed and deleted', async () => {
    await using test = await start();
    const client = test.client();
    const made = await client.responses.create({
      model,
      input: [
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Hm' },
        { role: 'user', content: 'Two' },
      ],
    });
    const { _request_id: _, output_text: __, ...plain } = made;
    const { _request_id: ___, output_text: ____, ...found } = await client.responses.retrieve(made.id);
    assert.deepEqual(found, plain);
    const texts = async (query: object) => {
      const page = await client.responses.inputItems.list(made.id, query);
      return page.data.map((item) => ('content' in item ? JSON.stringify(item.content).match(/One|Hm|Two/)?.[0] : ''));
    };
    assert.deepEqual(await texts({}), ['Two', 'Hm', 'One']);
    assert.deepEqual(await texts({ order: 'asc', limit: 2 }), ['One', 'Hm']);
    const all: string[] = [];
    for await (const item of client.responses.inputItems.list(made.id, { order: 'asc', limit: 1 })) {
      all.push(item.id ?? '');
    }
    assert.equal(new Set(all).size, 3);
    assert.equal((await failure(client.responses.inputItems.list(made.id, { limit: 0 }))).param, 'limit');
    assert.equal((await failure(client.responses.inputItems.list(made.id, { after: 'x' }))).param, 'after');

    const deleted = await fetch(`${test.server.url}/v1/responses/${made.id}`, { method: 'DELETE' });
    assert.deepEqual(await deleted.json(), { id: made.id, object: 'response', deleted: true });
    assert.equal((await failure(client.responses.retrieve(made.id))).status, 404);
    assert.equal((await failure(client.responses.delete(made.id))).status, 404);
  });

  it('can be referred to item by item', async () => {
    await using test = await start();
    const client = test.client();
    const { id: foreground, output } = await client.responses.create({ model, input: 'One' });
    const id = output[0]?.id ?? '';
    await client.responses.create({
      model,
      input: [
        { type: 'item_reference', id },
        { role: 'user', content: 'Two' },
      ],
    });
    assert.deepEqual(told(test.seen.at(-1)), ['assistant: re: One', 'user: Two']);
    assert.equal((await failure(client.responses.cancel(foreground))).status, 400);
    const { data } = await client.responses.inputItems.list(foreground);
    await client.responses.create({ model, input: [{ type: 'item_reference', id: data[0]?.id ?? '' }] });
    assert.deepEqual(told(test.seen.at(-1)), ['user: One']);
  });

  it('is its caller’s alone', async () => {
    await using test = await start({ apiKeys: ['key-of-ada', 'key-of-eve'] });
    const { id } = await test.client('key-of-ada').responses.create({ model, input: 'One' });
    const { responses } = test.client('key-of-eve');
    for (const call of [
      () => responses.retrieve(id),
      () => responses.delete(id),
      () => responses.cancel(id),
      () => responses.inputItems.list(id),
    ]) {
      assert.equal((await failure(call())).status, 404);
    }
    const error = await failure(responses.create({ model, input: 'Two', previous_response_id: id }));
    assert.deepEqual(
      [error.status, error.code, error.param],
      [404, 'previous_response_not_found', 'previous_response_id'],
    );
    assert.equal((await test.client('key-of-ada').responses.retrieve(id)).id, id);
  });

  it('is kept although it was cut short', async () => {
    const script: Script = (signal) => [
      scripted(signal, 'Half', { type: 'finish', reason: 'length', usage: { inputTokens: 1, outputTokens: 1 } }),
    ];
    await using test = await start({ script });
    const { id } = await test.client().responses.create({ model, input: 'One' });
    assert.equal((await test.client().responses.retrieve(id)).status, 'incomplete');
  });

  it('shows what its reasoning is sent back with to those who ask, and always goes on with it', async () => {
    const script: Script = (signal) => [
      scripted(
        signal,
        { type: 'reasoning-delta', text: 'Hm' },
        { type: 'reasoning-end', origin: 'fake', signature: 'signed' },
        'Done',
        finish,
      ),
    ];
    await using test = await start({ script });
    const { responses } = test.client();
    const { id } = await responses.create({ model, input: 'One' });
    const sealed = async (include: OpenAI.Responses.ResponseIncludable[]) =>
      JSON.stringify(await responses.retrieve(id, { include })).includes('encrypted_content');
    assert.equal(await sealed([]), false);
    assert.equal(await sealed(['reasoning.encrypted_content']), true);
    await responses.create({ model, input: 'Two', previous_response_id: id });
    assert.match(JSON.stringify(test.seen.at(-1)), /"signature":"signed"/);
  });

  it('is not kept where its caller does not want it', async () => {
    await using test = await start();
    const client = test.client();
    const { id } = await client.responses.create({ model, input: 'One', store: false });
    assert.equal((await failure(client.responses.retrieve(id))).status, 404);
  });

  it('reaches its caller although it cannot be kept, and the log says so', async () => {
    const full = memoryResponses();
    full.put = () => {
      throw new Error('database or disk is full');
    };
    await using test = await start({ store: full });
    const made = await test.client().responses.create({ model, input: 'One' });
    assert.equal(made.output_text, 're: One');
    const line = test.server.lines.find(({ msg }) => msg.includes('could not be kept'));
    assert.equal(line?.response, made.id);
  });

  it('is no more than an answer where nothing is kept', async () => {
    await using test = await start({ store: 'none' });
    const client = test.client();
    const silent = await client.responses.create({ model, input: 'One' }).withResponse();
    assert.ok('store' in silent.data && silent.data.store === false);
    assert.doesNotMatch(silent.response.headers.get('x-ignored-params') ?? '', /store/);
    const asked = await client.responses.create({ model, input: 'One', store: true }).withResponse();
    assert.match(asked.response.headers.get('x-ignored-params') ?? '', /\bstore\b/);
    const error = await failure(client.responses.create({ model, input: 'Two', previous_response_id: asked.data.id }));
    assert.equal(error.status, 400);
    assert.equal((await failure(client.responses.create({ model, input: 'x', background: true }))).param, 'background');
  });

  it('has paths that say which methods they take', async () => {
    await using test = await start();
    for (const [method, path, allow] of [
      ['PUT', '/v1/responses/resp_1', 'GET, HEAD, DELETE, OPTIONS'],
      ['GET', '/responses/resp_1/cancel', 'POST, OPTIONS'],
      ['POST', '/v1/responses/resp_1/input_items', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const response = await fetch(test.server.url + path, { method });
      assert.deepEqual([response.status, response.headers.get('allow')], [405, allow]);
    }
  });

  it('counts among the tokens of what goes on from it', async () => {
    await using test = await start();
    const { responses } = test.client();
    const { id } = await responses.create({ model, input: 'One' });
    const { input_tokens: tokens } = await responses.inputTokens.count({
      model,
      input: 'Two',
      previous_response_id: id,
    });
    assert.equal(tokens, 7);
    const lost = responses.inputTokens.count({ model, input: 'Two', previous_response_id: 'resp_none' });
    assert.equal((await failure(lost)).code, 'previous_response_not_found');
  });

  it('can be compacted', async () => {
    await using test = await start();
    const compacted = await test.client().responses.compact({ model, input: [{ role: 'user', content: 'One' }] });
    assert.equal(compacted.object, 'response.compaction');
    const { output } = compacted;
    assert.deepEqual(
      output.map(({ type }) => type),
      ['message', 'compaction'],
    );
    const { id } = await test.client().responses.create({ model, input: 'Two' });
    await test.client().responses.compact({ model, previous_response_id: id });
    assert.deepEqual(told(test.seen.at(-1))?.slice(0, 2), ['user: Two', 'assistant: re: Two']);
    const lost = test.client().responses.compact({ model, previous_response_id: 'resp_none' });
    assert.equal((await failure(lost)).code, 'previous_response_not_found');
  });
});

describe('a response in the background', () => {
  /** Says one word, waits to be let go, and ends. */
  function held() {
    const gate = Promise.withResolvers<void>();
    const script: Script = (signal) => [
      (async function* () {
        yield { type: 'text-delta', text: 'Half ' } as const;
        await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
        signal.throwIfAborted();
        yield { type: 'text-delta', text: 'whole' } as const;
        yield finish;
      })(),
    ];
    return { script, letGo: gate.resolve };
  }

  it('is polled until it is there, and continued then', async () => {
    const { script, letGo } = held();
    await using test = await start({ script });
    const client = test.client();
    const begun = await client.responses.create({ model, input: 'One', background: true });
    assert.equal(begun.status, 'queued');
    assert.equal((await client.responses.retrieve(begun.id)).status, 'in_progress');
    const early = client.responses.create({ model, input: 'Two', previous_response_id: begun.id });
    assert.match((await failure(early)).message, /still being made/);
    letGo();
    const done = await eventually('it is complete', async () => {
      const found = await client.responses.retrieve(begun.id);
      return found.status === 'completed' && found;
    });
    assert.equal(done.background, true);
    assert.match(JSON.stringify(done.output), /Half whole/);
    await client.responses.create({ model, input: 'Two', previous_response_id: begun.id });
    assert.deepEqual(told(test.seen.at(-1)), ['user: One', 'assistant: Half whole', 'user: Two']);
    const line = await eventually('its own line', () =>
      test.server.lines.find(({ method }) => method === 'BACKGROUND'),
    );
    assert.deepEqual([line.outcome, line.usage], ['ok', finish.type === 'finish' && finish.usage]);
  });

  it('is followed from where another left off, whoever hangs up', async () => {
    const { script, letGo } = held();
    await using test = await start({ script });
    const client = test.client();
    const stream = await client.responses.create({ model, input: 'One', background: true, stream: true });
    let id = '';
    let last = -1;
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      last = event.sequence_number;
      if (event.type === 'response.output_text.delta') break;
    }
    const rest = await client.responses.retrieve(id, { stream: true, starting_after: last });
    letGo();
    const numbers: number[] = [];
    let text = '';
    for await (const event of rest) {
      numbers.push(event.sequence_number);
      if (event.type === 'response.completed') text = JSON.stringify(event.response.output);
    }
    assert.match(text, /Half whole/);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => last + 1 + index),
    );
  });

  it('is cancelled, and stays so', async () => {
    const { script } = held();
    await using test = await start({ script });
    const client = test.client();
    const { id } = await client.responses.create({ model, input: 'One', background: true });
    assert.equal((await client.responses.cancel(id)).status, 'cancelled');
    assert.ok(test.server.contexts[0]?.signal.aborted);
    assert.equal((await client.responses.cancel(id)).status, 'cancelled');
    assert.equal((await client.responses.retrieve(id)).status, 'cancelled');
  });

  it('is streamed when it is over, too', async () => {
    await using test = await start();
    const { responses } = test.client();
    for (const background of [true, false]) {
      const { id } = await responses.create({ model, input: 'One', background });
      await eventually('it is over', async () => (await responses.retrieve(id)).status === 'completed');
      const types: string[] = [];
      for await (const { type } of await responses.retrieve(id, { stream: true })) types.push(type);
      assert.deepEqual([types.at(0), types.at(-1)], ['response.created', 'response.completed']);
    }
  });

  it('ends when it is deleted', async () => {
    const { script } = held();
    await using test = await start({ script });
    const client = test.client();
    const { id } = await client.responses.create({ model, input: 'One', background: true });
    await client.responses.delete(id);
    assert.ok(test.server.contexts[0]?.signal.aborted);
    assert.equal((await failure(client.responses.retrieve(id))).status, 404);
  });

  it('says why it failed', async () => {
    const script: Script = (signal) => [scripted(signal, 'a', new GatewayError('overloaded', 'Too busy.'))];
    await using test = await start({ script });
    const client = test.client();
    const { id } = await client.responses.create({ model, input: 'One', background: true });
    const failed = await eventually('it failed', async () => {
      const found = await client.responses.retrieve(id);
      return found.status === 'failed' && found;
    });
    assert.match(failed.error?.message ?? '', /Too busy/);
    const unknown = await failure(client.responses.create({ model: 'nothing', input: 'One', background: true }));
    assert.equal(unknown.code, 'model_not_found');
  });

  it('has failed when its server is gone', async () => {
    const store = memoryResponses();
    const { script, letGo } = held();
    await using first = await start({ store, script });
    const { id } = await first.client().responses.create({ model, input: 'One', background: true });
    await using second = await start({ store });
    const found = await second.client().responses.retrieve(id);
    assert.equal(found.status, 'failed');
    assert.match(found.error?.message ?? '', /restarted/);
    assert.ok(!('made_by_process' in found));
    letGo();
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { eventually } from '../support/eventually.ts';
import { processesOf } from '../support/processes.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

const say = (content: string) => [{ role: 'user' as const, content }];
const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });

describe('failures as callers see them', { skip: skipWithoutClaude, timeout: 150_000 }, () => {
  let server: SimulatedServer;
  let client: OpenAI;
  before(async () => {
    server = await SimulatedServer.start({
      environment: { SSE_KEEPALIVE_INTERVAL: '0.3', FIRST_EVENT_HOLD_MS: '30000' },
    });
    client = server.client();
  });
  after(() => server[Symbol.asyncDispose]());

  const stillAnswers = async () => {
    const { choices } = await client.chat.completions.create({ model, messages: say('[[text Still here]]') });
    assert.equal(choices[0]?.message.content, 'Still here');
  };

  const upstreamFailures = {
    '[[status 400]]': { type: OpenAI.BadRequestError, status: 400 },
    '[[status 401]]': { type: OpenAI.InternalServerError, status: 503, code: 'provider_signed_out' },
    '[[status 403]]': { type: OpenAI.PermissionDeniedError, status: 403 },
    '[[status 404]]': { type: OpenAI.NotFoundError, status: 404, code: 'model_not_found' },
    '[[status 413]]': { type: OpenAI.APIError, status: 413, code: 'request_too_large' },
    '[[status 429 {"retry-after":"30"}]]': { type: OpenAI.RateLimitError, status: 429, code: 'rate_limit_exceeded' },
    '[[status 529]]': { type: OpenAI.InternalServerError, status: 503, code: 'overloaded' },
    '[[error overloaded_error]]': { type: OpenAI.InternalServerError, status: 503, code: 'overloaded' },
    '[[cut]]': { type: OpenAI.InternalServerError, status: 503, code: 'upstream_unavailable' },
  };
  for (const [prompt, { type, ...expected }] of Object.entries(upstreamFailures)) {
    it(`turns ${prompt} of the model API into ${expected.status}`, async () => {
      for (const stream of prompt.includes('529') || prompt.includes('cut') ? [false] : [false, true]) {
        const error = await client.chat.completions.create({ model, messages: say(prompt), stream }).then(
          () => assert.fail('it went well'),
          (thrown: InstanceType<typeof OpenAI.APIError>) => thrown,
        );
        assert.ok(error instanceof type, error.message);
        assert.equal(error.status, expected.status, error.message);
        if ('code' in expected) assert.equal(error.code, expected.code);
        if (error.status === 429) assert.ok(Number(error.headers?.get('retry-after')) > 10);
      }
    });
  }

  it('says a failure behind the first byte in the stream, without the mark of its end', async () => {
    const prompts = ['[[text Half of it]] [[wait 300]] [[cut]]', '[[text Half of it]] [[error overloaded_error]]'];
    for (const prompt of prompts) {
      const response = await server.post({ model, stream: true, messages: say(prompt) });
      assert.equal(response.status, 200);
      const text = await response.text();
      assert.match(text, /Half/);
      assert.doesNotMatch(text, /\[DONE\]/);
      const { error } = JSON.parse(text.trim().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
      assert.deepEqual(Object.keys(error).slice(0, 4), ['message', 'type', 'param', 'code']);
      const stream = await client.chat.completions.create({ model, stream: true, messages: say(prompt) });
      await assert.rejects(Array.fromAsync(stream), OpenAI.APIError);
    }
  });

  it('tells in the stream which failure it was, as far as the CLI says', async () => {
    const codes = {
      '[[text Half of it]] [[wait 300]] [[error rate_limit_error]]': 'rate_limit_exceeded',
      '[[text Half of it]] [[wait 300]] [[error api_error]]': 'upstream_unavailable',
    };
    for (const [prompt, code] of Object.entries(codes)) {
      const text = await (await server.post({ model, stream: true, messages: say(prompt) })).text();
      assert.match(text, /Half/);
      const { error } = JSON.parse(text.trim().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
      assert.equal(error.code, code, text);
    }
  });

  it('keeps the connection alive through a long silence', async () => {
    const response = await server.post({
      model,
      stream: true,
      messages: say('[[text Early]] [[wait 2000]] [[text Late]]'),
    });
    const text = await response.text();
    assert.ok((text.match(/^: /gm) ?? []).length >= 2, text);
    assert.match(text, /Late/);
    assert.match(text, /\[DONE\]/);
  });

  it('cuts the model API off when the caller hangs up', async (t) => {
    for (const prompt of ['gone early [[hang]]', 'gone late [[slow 20]] [[repeat 2000 word]]']) {
      const hangUp = new AbortController();
      const reading = assert.rejects(async () => {
        const asking = { model, stream: true, messages: say(prompt) } as const;
        const stream = await client.chat.completions.create(asking, { signal: hangUp.signal });
        for await (const { choices } of stream) if (choices[0]?.delta.content) hangUp.abort();
        // The package ends an aborted stream without a word.
        throw new OpenAI.APIUserAbortError();
      }, OpenAI.APIUserAbortError);
      const request = await server.simulator.waitForRequest(prompt.slice(0, 9), 20_000);
      if (prompt.includes('hang')) setTimeout(() => hangUp.abort(), 100);
      const abortedAt = await new Promise<number>((resolve) => {
        hangUp.signal.addEventListener('abort', () => resolve(performance.now()));
      });
      const { at, completed } = await request.closed;
      t.diagnostic(`upstream closed ${Math.round(at - abortedAt)} ms after the hang-up`);
      assert.equal(completed, false);
      assert.ok(at - abortedAt < 2_000);
      await reading;
    }
    await eventually('the processes of both are gone', () => {
      const usable = server.sessions.opened.filter(({ session }) => session.usable).length;
      return processesOf(server.home.directory).length === usable;
    });
    await stillAnswers();
  });

  it('names the nearest models when there is no such one, and asks no model API for a misspelt one', async () => {
    const requests = server.simulator.requests.length;
    for (const [name, meant] of [
      ['sonet', /sonnet/],
      ['claude-opsu', /claude-opus-/],
      ['claude-sonet-5-5', /claude-sonnet-5-5/],
    ] as const) {
      const near = (error: unknown) => {
        assert.ok(error instanceof OpenAI.NotFoundError);
        assert.equal(error.code, 'model_not_found');
        assert.equal(error.param, 'model');
        assert.match(error.message, meant);
        return true;
      };
      await assert.rejects(client.chat.completions.create({ model: name, messages: say('Hi') }), near);
      await assert.rejects(client.models.retrieve(name), near);
    }
    await assert.rejects(client.models.retrieve('claude-made-up'), OpenAI.NotFoundError);
    assert.equal(server.simulator.requests.length, requests);
    const newer = 'claude-opus-5-2-20270101';
    assert.equal((await client.models.retrieve(newer)).id, newer);
    const { choices } = await client.chat.completions.create({ model: newer, messages: say('[[text New]]') });
    assert.equal(choices[0]?.message.content, 'New');
  });

  it('names near models, too, when the model API knows no such one', async () => {
    await assert.rejects(client.chat.completions.create({ model, messages: say('[[status 404]]') }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.param, 'model');
      assert.match(error.message, /claude-sonnet-/);
      return true;
    });
  });

  it('answers for what is not there', async () => {
    const get = await fetch(`${server.url}/v1/chat/completions`);
    assert.equal(get.status, 405);
    assert.match(get.headers.get('allow') ?? '', /^POST\b/);
    const nowhere = await fetch(`${server.url}/v1/nowhere`);
    assert.equal(nowhere.status, 404);
    assert.deepEqual(Object.keys(((await nowhere.json()) as { error: object }).error), [
      'message',
      'type',
      'param',
      'code',
    ]);
  });

  const bad: Record<string, [body: unknown, param: string | null]> = {
    'text that is not JSON': ['{"model":', null],
    'a body that is a list': [[], null],
    'no messages': [{ model, messages: [] }, 'messages'],
    'messages of the wrong type': [{ model, messages: 'Hello' }, 'messages'],
    'a role that does not exist': [{ model, messages: [{ role: 'narrator', content: 'x' }] }, 'messages[0].role'],
    'an image to download': [
      {
        model,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }],
      },
      'messages[0].content[0].image_url.url',
    ],
    'an image that is none': [
      {
        model,
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGVsbG8=' } }] },
        ],
      },
      'messages[0].content[0].image_url.url',
    ],
    'a result without its call': [
      { model, messages: [...say('Hi'), { role: 'tool', tool_call_id: 'call_9', content: 'x' }] },
      'messages[1].tool_call_id',
    ],
    'a call without its result': [
      { model, messages: [...say('Hi'), { role: 'assistant', tool_calls: [call('call_1')] }, ...say('So?')] },
      'messages[1].tool_calls[0].id',
    ],
    'a schema that is no object': [
      {
        model,
        messages: say('Hi'),
        tools: [{ type: 'function', function: { name: 'x', parameters: { type: 'string' } } }],
      },
      'tools[0].function.parameters',
    ],
    'a temperature beyond the scale': [{ model, messages: say('Hi'), temperature: 9 }, 'temperature'],
    'an answer schema that is none': [
      {
        model,
        messages: say('Hi'),
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'nothing' } } },
      },
      'response_format',
    ],
    'sound behind a text': [
      {
        model,
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Listen' },
              { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            ],
          },
        ],
      },
      'messages[1].content[1]',
    ],
  };
  it('refuses what cannot be read, names the field, and goes on', async () => {
    for (const [title, [body, param]] of Object.entries(bad)) {
      const response = await server.post(body);
      const { error } = (await response.json()) as { error: { message: string; type: string; param: string | null } };
      assert.equal(response.status, 400, `${title}: ${JSON.stringify(error)}`);
      assert.equal(error.type, 'invalid_request_error', title);
      assert.equal(error.param, param, title);
    }
    await stillAnswers();
  });

  it('refuses 50 MB and takes 2,000 messages', async () => {
    const response = await server.post({ model, messages: say('x'.repeat(50 * 1024 * 1024)) });
    assert.equal(response.status, 413);
    assert.match(await response.text(), /MAX_BODY_BYTES/);
    const messages = Array.from({ length: 1_999 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `message ${index}`,
    }));
    const { choices } = await client.chat.completions.create({
      model,
      messages: [...messages.slice(0, -1), ...say('[[text Read]]')],
    });
    assert.equal(choices[0]?.message.content, 'Read');
    const { body } = server.simulator.lastRequest() ?? assert.fail('nothing arrived');
    assert.ok((body as { messages: unknown[] }).messages.length >= 1_999);
    await stillAnswers();
  });

  it('replaces a spare process that was killed', async () => {
    await server.standby();
    await sleep(100);
    for (const { pid } of processesOf(server.home.directory)) process.kill(pid, 'SIGKILL');
    await stillAnswers();
    await server.standby();
    await stillAnswers();
  });

  it('starts over when the process dies before the first word', async () => {
    let killed = 0;
    using _ = server.simulator.script('die first', () => {
      killed += 1;
      if (killed === 1) for (const { pid } of processesOf(server.home.directory)) process.kill(pid, 'SIGKILL');
      return [
        { type: 'wait', milliseconds: 300 },
        { type: 'text', text: 'Second try' },
      ];
    });
    const { choices } = await client.chat.completions.create({ model, messages: say('die first') });
    assert.equal(choices[0]?.message.content, 'Second try');
  });

  it('tells in the stream of a process that dies in mid-answer', async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: say('[[slow 20]] [[repeat 2000 word]]'),
    });
    await assert.rejects(async () => {
      for await (const { choices } of stream) {
        if (!choices[0]?.delta.content) continue;
        for (const { pid } of processesOf(server.home.directory)) process.kill(pid, 'SIGKILL');
      }
    }, /Claude Code stopped/);
    await stillAnswers();
  });
});

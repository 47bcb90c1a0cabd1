import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { foldCompletion } from '../../src/core/completion.ts';
import { GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { emptyFrames, failureFrames, frames } from '../../src/dialects/openai-responses/frames.ts';
import { previousResponseId, type StoredTurn, withHistory } from '../../src/dialects/openai-responses/history.ts';
import { openaiCompaction, openaiResponses } from '../../src/dialects/openai-responses/openai-responses.ts';
import type { ResponsesOptions } from '../../src/dialects/openai-responses/options.ts';
import { readSocketMessage, socketError, socketMessage } from '../../src/dialects/openai-responses/socket.ts';
import { finalResponse } from '../../src/dialects/openai-responses/stored-response.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';

type Answer = (request: GenerateRequest) => StreamEvent[];

const usage = { inputTokens: 3, outputTokens: 2 };
const say = (text: string): StreamEvent[] => [
  { type: 'start', model: 'm' },
  ...(text.match(/.{1,5}/gs) ?? []).map((piece): StreamEvent => ({ type: 'text-delta', text: piece })),
  { type: 'finish', reason: 'stop', usage },
];
const call = (name: string, text: string): StreamEvent[] => {
  const whole = { kind: 'function' as const, id: 'toolu_1', name, arguments: text };
  return [
    { type: 'start', model: 'm' },
    { type: 'tool-call-start', index: 0, kind: 'function', id: 'toolu_1', name },
    { type: 'tool-call-end', index: 0, call: whole },
    { type: 'finish', reason: 'tool-calls', usage },
  ];
};

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  for (const event of events) {
    if (event.type === 'text-delta' && event.text.startsWith('boom')) throw new GatewayError('overloaded', 'Too much.');
    yield event;
  }
}

let answers = 0;
const contextFor = <Options>(options: Options) => {
  answers += 1;
  return { id: `t${answers}`, createdAt: new Date(), now: () => new Date(), model: 'm', options };
};

/** A server of nothing but the dialect. */
async function serve<Options extends ResponsesOptions>(
  dialect: Dialect<Options>,
  body: unknown,
  answer: Answer,
): Promise<Response> {
  const { request, stream, options } = dialect.decode(body, decodeContext);
  const context = contextFor(options);
  if (!stream) return Response.json(dialect.whole([await foldCompletion(streamOf(answer(request)))], context));
  let wire = '';
  let sent = 0;
  try {
    for await (const frame of dialect.frames([streamOf(answer(request))], context)) {
      sent += 1;
      wire += encodeFrame(frame);
    }
  } catch (error) {
    wire += failureFrames(GatewayError.from(error), context, sent).map(encodeFrame).join('');
  }
  return new Response(wire, { headers: { 'content-type': 'text/event-stream' } });
}

const clientFor = (answer: Answer): OpenAI =>
  new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async (url, init) => {
      const body = JSON.parse(String(init?.body));
      return String(url).endsWith('/responses/compact')
        ? serve(openaiCompaction, body, answer)
        : serve(openaiResponses, body, answer);
    },
  });

describe('the official client', { timeout: 20_000 }, () => {
  it('parses structured answers, whole and streamed', async () => {
    const Place = z.object({ city: z.string() });
    const client = clientFor(({ outputFormat }) => {
      assert.ok(outputFormat?.kind === 'json-schema' && outputFormat.strict);
      return say('{"city":"Bern"}');
    });
    const body = { model: 'm', input: 'Where?', text: { format: zodTextFormat(Place, 'place') } };
    const parsed = await client.responses.parse(body);
    assert.deepEqual([parsed.output_parsed, parsed.output_text], [{ city: 'Bern' }, '{"city":"Bern"}']);
    assert.deepEqual((await client.responses.stream(body).finalResponse()).output_parsed, { city: 'Bern' });
  });

  it('parses calls, also of tools in a group', async () => {
    const Place = z.object({ city: z.string() });
    const weather = zodResponsesFunction({ name: 'weather', parameters: Place });
    const group = { type: 'namespace' as const, name: 'sky', description: 'Up.', tools: [weather] };
    for (const [tool, name] of [[weather, 'weather'] as const, [group, 'sky__weather'] as const]) {
      const client = clientFor(() => call(name, '{"city":"Bern"}'));
      const [item] = (await client.responses.parse({ model: 'm', input: 'hi', tools: [tool] })).output;
      assert.ok(item?.type === 'function_call');
      assert.deepEqual([item.name, item.call_id, item.parsed_arguments], ['weather', 'toolu_1', { city: 'Bern' }]);
    }
  });

  it('sends an answer back with the output of its calls', async () => {
    const client = clientFor(({ messages }) => {
      const last = messages.at(-1);
      if (last?.role !== 'tool') return call('now', '');
      assert.equal(last.callId, 'toolu_1');
      return say('Noon.');
    });
    const tools = [{ type: 'function' as const, name: 'now', parameters: null, strict: null }];
    const first = await client.responses.create({ model: 'm', input: 'Time?', tools });
    const second = await client.responses.create({
      model: 'm',
      tools,
      input: [
        { role: 'user', content: 'Time?' },
        ...first.output.filter((item) => item.type === 'function_call'),
        { type: 'function_call_output', call_id: 'toolu_1', output: '12:00' },
      ],
    });
    assert.equal(second.output_text, 'Noon.');
  });

  it('compacts a conversation and goes on from it', async () => {
    const client = clientFor(({ messages }) => say(messages.length === 3 ? 'They like teal.' : 'Teal.'));
    const { output, usage: spent } = await client.responses.compact({
      model: 'gpt-5.5',
      input: [
        { role: 'user', content: 'I like teal.' },
        { role: 'assistant', content: 'Noted.' },
      ],
    });
    assert.deepEqual([output.map(({ type }) => type), spent.total_tokens], [['message', 'compaction'], 5]);
    const kept = output as OpenAI.Responses.ResponseInput;
    const input = [
      ...kept,
      { role: 'user' as const, content: 'Which colour?' },
      { role: 'user' as const, content: 'Say.' },
    ];
    assert.equal((await client.responses.create({ model: 'm', input })).output_text, 'Teal.');
  });

  it('learns of a failure in mid-stream, whichever way it listens', async () => {
    const client = clientFor(() => [...say('Well').slice(0, -1), { type: 'text-delta', text: 'boom' }]);
    await assert.rejects(client.responses.stream({ model: 'm', input: 'hi' }).finalResponse(), /Too much\./);
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const event of await client.responses.create({ model: 'm', input: 'hi', stream: true })) {
        seen.push(event.type);
        if (event.type === 'response.failed') assert.equal(event.response.error?.code, 'server_error');
      }
    }, /Too much\./);
    assert.equal(seen.at(-1), 'response.failed');
  });
});

/** Answers over a WebSocket, remembering every answer that it gave. */
function converse(socket: WebSocket, answer: Answer): void {
  const turns = new Map<string, StoredTurn[]>();
  const reply = async (message: unknown): Promise<void> => {
    const { body, generate, streamId } = readSocketMessage(message);
    const before = previousResponseId(body) ?? '';
    const history = before === '' ? [] : turns.get(before);
    if (!history) throw new GatewayError('not-found', 'No such response.', { param: 'previous_response_id' });
    const { request, options } = openaiResponses.decode(withHistory(body, history), decodeContext);
    const context = contextFor(options);
    for await (const frame of generate ? frames([streamOf(answer(request))], context) : emptyFrames(context)) {
      socket.send(socketMessage(frame, streamId));
      const response = finalResponse(frame);
      if (response) turns.set(response.id, [...history, { input: body.input as unknown[], response: { ...response } }]);
    }
  };
  socket.on('message', (data) => {
    reply(JSON.parse(String(data))).catch((error: unknown) => socket.send(socketError(GatewayError.from(error), 400)));
  });
}

describe('the official client over a WebSocket', { timeout: 20_000 }, () => {
  it('prepares a conversation, goes on from it, and is told what is gone', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) =>
      converse(socket, ({ messages }) => say(`${messages.filter(({ role }) => role === 'user').length} messages`)),
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}/v1` });
    const socket = new ResponsesWS(client);
    try {
      const user = (content: string) => [{ role: 'user' as const, content }];
      const types: string[] = [];
      const failures: string[] = [];
      socket.on('event', (event) => types.push(event.type));
      socket.on('error', ({ message }) => failures.push(message));
      const ask = async (input: OpenAI.Responses.ResponseInput, extra: object = {}) => {
        const completed = new Promise<OpenAI.Responses.Response>((resolve) => {
          socket.on('response.completed', ({ response }) => resolve(response));
        });
        socket.send({ type: 'response.create', model: 'm', input, ...extra });
        return completed;
      };
      const prepared = await ask(user('One.'), { generate: false });
      assert.deepEqual([types, prepared.output], [['response.created', 'response.completed'], []]);
      const second = await ask(user('Two.'), { previous_response_id: prepared.id });
      const third = await ask(user('Three.'), { previous_response_id: second.id });
      assert.match(JSON.stringify([second.output, third.output]), /"2 messages".*"3 messages"/);
      socket.send({ type: 'response.create', model: 'm', input: user('Two.'), previous_response_id: 'resp_gone' });
      while (failures.length === 0) await new Promise(setImmediate);
      assert.match(failures[0] ?? '', /No such response/);
    } finally {
      socket.close();
      server.close();
      for (const each of server.clients) each.terminate();
    }
  });
});

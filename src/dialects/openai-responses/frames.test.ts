import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { foldCompletion } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { ToolCall } from '../../core/tool.ts';
import type { Frame } from '../../stream/sse.ts';
import { wholeCompaction } from './compacted-response.ts';
import { decode, decodeCompact } from './decode.ts';
import { emptyFrames, failureFrames, frames } from './frames.ts';
import type { ResponsesContext } from './options.ts';
import { failedResponse, type ResponseObject, unfinishedResponse } from './response-object.ts';
import { openReasoningPart, openSummary, sealReasoningPart } from './sealed-text.ts';
import { finalResponse, shownResponse, storedResponse } from './stored-response.ts';
import { whole } from './whole.ts';

interface Data {
  type: string;
  sequence_number: number;
  response?: ResponseObject;
  item?: { id: string };
}

const usage = { inputTokens: 10, outputTokens: 4, cacheReadTokens: 6, cacheWriteTokens: 1, reasoningTokens: 2 };
const finish: StreamEvent = { type: 'finish', reason: 'stop', usage };
const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value });
const reasoning: StreamEvent[] = [
  { type: 'reasoning-delta', text: 'Hm.' },
  { type: 'reasoning-end', origin: 'test', signature: 'signed' },
];
const part = { type: 'reasoning', text: 'Hm.', origin: 'test', signature: 'signed' } as const;

const contextOf = (body: object = {}): ResponsesContext => ({
  id: 'x',
  createdAt: new Date(5_999),
  now: () => new Date(7_000),
  model: 'asked',
  options: decode({ model: 'm', input: 'hi', ...body }, decodeContext).options,
});

async function* source(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

async function stream(events: readonly StreamEvent[], context = contextOf()): Promise<Data[]> {
  const sent: Frame[] = [];
  for await (const frame of frames([source(events)], context)) sent.push(frame);
  return sent.map(({ data }) => data as Data);
}

function called(index: number, call: ToolCall): [start: StreamEvent, end: StreamEvent] {
  const { kind, id, name } = call;
  return [
    { type: 'tool-call-start', index, kind, id, name },
    { type: 'tool-call-end', index, call },
  ];
}

describe('a streamed answer', () => {
  it('numbers its events, and ends with the same response that it tells whole', async () => {
    const call: ToolCall = { kind: 'function', id: 'toolu_1', name: 'f', arguments: '{}' };
    const events: StreamEvent[] = [
      { type: 'start', model: 'answered' },
      ...reasoning,
      text('Paris '),
      text('is large.'),
      { type: 'citation', citation: { url: 'u', title: 't', start: 0, end: 5 } },
      { type: 'refusal-delta', text: 'No.' },
      ...called(0, call),
      text('Bern'),
      { type: 'citation', citation: { url: 'v', title: 's', start: 15, end: 19 } },
      { ...finish, reason: 'tool-calls' },
    ];
    const context = contextOf({ store: false, reasoning: { summary: 'auto' } });
    const sent = await stream(events, context);
    assert.deepEqual(
      sent.map(({ sequence_number }) => sequence_number),
      sent.map((_, index) => index),
    );
    const last = sent.at(-1)?.response;
    assert.deepEqual(last, whole([await foldCompletion(source(events))], context));
    assert.equal(last?.model, 'answered');
    assert.deepEqual(
      last?.output.map(({ id }) => id),
      ['rs_x_0', 'msg_x_1', 'fc_x_2', 'msg_x_3'],
    );
    const [, paris, functionCall, bern] = last?.output ?? [];
    assert.deepEqual(paris, {
      id: 'msg_x_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [
        {
          type: 'output_text',
          text: 'Paris is large.',
          annotations: [{ type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 5 }],
          logprobs: [],
        },
        { type: 'refusal', refusal: 'No.' },
      ],
    });
    assert.deepEqual(functionCall, {
      id: 'fc_x_2',
      type: 'function_call',
      status: 'completed',
      call_id: 'toolu_1',
      name: 'f',
      arguments: '{}',
    });
    const annotations =
      bern?.type === 'message' && bern.content[0]?.type === 'output_text' && bern.content[0].annotations;
    assert.deepEqual(annotations, [{ type: 'url_citation', url: 'v', title: 's', start_index: 0, end_index: 4 }]);
  });

  it('tells of a source that comes after its text was closed with the whole answer', async () => {
    const call: ToolCall = { kind: 'function', id: 'a', name: 'f', arguments: '{}' };
    const citation: StreamEvent = { type: 'citation', citation: { url: 'u', title: 't', start: 0, end: 2 } };
    const sent = await stream([text('Hi.'), ...called(0, call), citation, finish]);
    assert.doesNotMatch(JSON.stringify(sent.slice(0, -1)), /url_citation/);
    assert.match(JSON.stringify(sent.at(-1)), /url_citation/);
  });

  it('says every field of the response at all times', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const sent = await stream([text('hi'), finish], contextOf({ metadata: { a: 'b' }, temperature: 0.5, tools }));
    const [created, , completed] = sent.flatMap(({ response }) => response ?? []);
    assert.deepEqual(Object.keys(created ?? {}), Object.keys(completed ?? {}));
    assert.deepEqual(created, {
      id: 'resp_x',
      object: 'response',
      created_at: 5,
      completed_at: null,
      status: 'in_progress',
      incomplete_details: null,
      previous_response_id: null,
      instructions: null,
      error: null,
      model: 'asked',
      output: [],
      tools: [{ type: 'function', name: 'f', parameters: null, strict: null }],
      tool_choice: 'auto',
      truncation: 'disabled',
      parallel_tool_calls: true,
      text: { format: { type: 'text' }, verbosity: 'medium' },
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_logprobs: 0,
      temperature: 0.5,
      reasoning: { effort: null, summary: null },
      usage: null,
      max_output_tokens: null,
      max_tool_calls: null,
      store: true,
      background: false,
      service_tier: 'default',
      safety_identifier: null,
      prompt_cache_key: null,
      metadata: { a: 'b' },
      access_programs: null,
    });
    assert.deepEqual([completed?.status, completed?.completed_at, completed?.model], ['completed', 7, 'asked']);
    assert.deepEqual(completed?.usage, {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 6, cache_write_tokens: 1 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 14,
    });
  });

  it('shows of reasoning what was asked for, and keeps all of it', async () => {
    const events = [...reasoning, text('Yes.'), finish];
    const seenWith = async (body: object) => (await stream(events, contextOf(body))).at(-1)?.response?.output[0];
    const bare = { id: 'rs_x_0', type: 'reasoning' };
    assert.deepEqual(await seenWith({}), { ...bare, summary: [] });
    const summary = [{ type: 'summary_text', text: 'Hm.' }];
    assert.deepEqual(await seenWith({ reasoning: { summary: 'concise' } }), { ...bare, summary });
    const sealed = { ...bare, summary: [], encrypted_content: sealReasoningPart(part) };
    assert.deepEqual(await seenWith({ include: ['reasoning.encrypted_content'] }), sealed);
    assert.deepEqual(openReasoningPart(sealed.encrypted_content), part);

    const { message } = await foldCompletion(source(events));
    const response = (await stream(events)).at(-1)?.response as ResponseObject;
    const stored = storedResponse(response, message);
    assert.deepEqual(stored.output[0], sealed);
    assert.deepEqual(shownResponse(stored, []), response);
    assert.deepEqual(shownResponse(stored, ['reasoning.encrypted_content']), stored);
  });

  it('calls tools what their caller calls them', async () => {
    const context = contextOf({
      tools: [
        {
          type: 'namespace',
          name: 'clock',
          tools: [
            { type: 'function', name: 'now' },
            { type: 'custom', name: 'draw' },
          ],
        },
        { type: 'tool_search', execution: 'client' },
      ],
    });
    const events = [
      ...called(0, { kind: 'function', id: 'a', name: 'clock__now', arguments: '' }),
      ...called(1, { kind: 'custom', id: 'b', name: 'clock__draw', arguments: 'x' }),
      ...called(2, { kind: 'function', id: 'c', name: 'tool_search', arguments: '{"query":"x"}' }),
      ...called(3, { kind: 'function', id: 'd', name: 'unknown', arguments: '{}' }),
      { ...finish, reason: 'tool-calls' } as const,
    ];
    const done = { status: 'completed' };
    assert.deepEqual((await stream(events, context)).at(-1)?.response?.output, [
      { ...done, id: 'fc_x_0', type: 'function_call', call_id: 'a', name: 'now', namespace: 'clock', arguments: '{}' },
      { ...done, id: 'ctc_x_1', type: 'custom_tool_call', call_id: 'b', name: 'draw', namespace: 'clock', input: 'x' },
      {
        ...done,
        id: 'tsc_x_2',
        type: 'tool_search_call',
        call_id: 'c',
        execution: 'client',
        arguments: { query: 'x' },
      },
      { ...done, id: 'fc_x_3', type: 'function_call', call_id: 'd', name: 'unknown', arguments: '{}' },
    ]);
  });

  it('marks what was cut short', async () => {
    const [start] = called(0, { kind: 'function', id: 'a', name: 'f', arguments: '' });
    const sent = await stream([text('Once'), start, { ...finish, reason: 'length' }]);
    const response = sent.at(-1)?.response;
    assert.deepEqual(
      [response?.status, response?.incomplete_details, response?.completed_at],
      ['incomplete', { reason: 'max_output_tokens' }, null],
    );
    assert.deepEqual(
      response?.output.map((item) => 'status' in item && item.status),
      ['completed', 'incomplete'],
    );
    const filtered = (await stream([text('Once'), { ...finish, reason: 'content-filter' }])).at(-1)?.response;
    assert.deepEqual(filtered?.incomplete_details, { reason: 'content_filter' });
    assert.match(JSON.stringify(filtered?.output), /"status":"incomplete"/);
  });

  it('ends, when it fails, with what both kinds of clients look for', () => {
    const error = new GatewayError('quota-exhausted', 'Spent.', { param: 'p', cause: new Error('secret') });
    const context = contextOf();
    const [failed, last] = failureFrames(error, context, 7);
    assert.deepEqual(failed, {
      event: 'response.failed',
      data: { type: 'response.failed', sequence_number: 7, response: failedResponse(context, error) },
    });
    assert.deepEqual(failedResponse(context, error).error, {
      code: 'insufficient_quota',
      message: 'Spent.',
      param: 'p',
    });
    assert.deepEqual(last, {
      event: 'error',
      data: { type: 'error', sequence_number: 8, code: 'insufficient_quota', message: 'Spent.', param: 'p' },
    });
    assert.doesNotMatch(JSON.stringify([failed, last]), /secret/);
  });

  it('can be got ready without being made', () => {
    const [created, completed, ...rest] = [...emptyFrames(contextOf())];
    assert.ok(created && completed && rest.length === 0);
    assert.deepEqual([created.event, finalResponse(created)], ['response.created', undefined]);
    assert.deepEqual([completed.event, finalResponse(completed)?.status], ['response.completed', 'completed']);
    assert.equal(unfinishedResponse(contextOf(), 'queued').status, 'queued');
  });
});

describe('a compaction', () => {
  const events: StreamEvent[] = [...reasoning, text('They '), text('said hi.'), finish];
  const body = { model: 'm', input: [{ role: 'user', content: 'hi' }, { type: 'compaction_trigger' }] };

  it('is one item, whose content only this server can read', async () => {
    const context = contextOf(body);
    const sent = await stream(events, context);
    assert.deepEqual(
      sent.map(({ type }) => type.replace('response.', '')),
      ['created', 'in_progress', 'output_item.added', 'compaction.compacting', 'output_item.done', 'completed'],
    );
    const output = sent.at(-1)?.response?.output ?? [];
    assert.equal(output.length, 1);
    assert.ok(output[0]?.type === 'compaction');
    assert.equal(output[0].id, 'cmp_x_0');
    assert.equal(openSummary(output[0].encrypted_content), 'They said hi.');
    assert.deepEqual(whole([await foldCompletion(source(events))], context).output, output);
  });

  it('follows what the user said where it has a request of its own', async () => {
    const { options } = decodeCompact({ model: 'm', input: body.input.slice(0, 1) }, decodeContext);
    const compacted = wholeCompaction([await foldCompletion(source(events))], { ...contextOf(), options });
    const [kept, item] = compacted.output as { type: string; role?: string; content?: unknown }[];
    assert.deepEqual([compacted.object, compacted.id, compacted.created_at], ['response.compaction', 'resp_x', 5]);
    assert.deepEqual(
      [kept?.role, kept?.content, item?.type],
      ['user', [{ type: 'input_text', text: 'hi' }], 'compaction'],
    );
  });

  it('fails rather than lose what was said', async () => {
    for (const bad of [[finish], [text(' '), finish], [text('They'), { ...finish, reason: 'length' } as const]]) {
      await assert.rejects(stream(bad, contextOf(body)), { kind: 'provider-failed' });
    }
  });
});

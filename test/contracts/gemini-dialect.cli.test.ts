import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { foldCompletion } from '../../src/core/completion.ts';
import { GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { GeminiOptions } from '../../src/dialects/gemini/decode.ts';
import { gemini } from '../../src/dialects/gemini/gemini.ts';
import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { encodeFrame } from '../../src/stream/sse.ts';
import { geminiCli, skipWithoutGemini } from '../support/gemini-cli.ts';
import { PrivateHome } from '../support/private-home.ts';
import { requestLimits } from '../support/request-limits.ts';
import { tinyImages } from '../support/tiny-images.ts';

const limitMs = 60_000;
const usage = { inputTokens: 30, outputTokens: 12, reasoningTokens: 5 };

/** A made-up model: what it says to a request, after its start. */
type Model = (operation: Operation<GeminiOptions>) => StreamEvent[];

const said = (value: string): StreamEvent[] => [
  { type: 'text-delta', text: value },
  { type: 'finish', reason: 'stop', usage },
];

function calling(index: number, id: string, name: string, args: object): StreamEvent[] {
  const call = { kind: 'function', id, name, arguments: JSON.stringify(args) } as const;
  return [
    { type: 'tool-call-start', index, kind: 'function', id, name },
    { type: 'tool-call-end', index, call },
  ];
}

/** Runs the CLI once on this API, in a directory with a note and a picture. */
async function ask(url: string, prompt: string, ...options: string[]): Promise<{ answer: string; tools: unknown }> {
  await using home = new PrivateHome();
  const directory = join(home.directory, 'project');
  const scratch = join(home.directory, 'scratch');
  for (const folder of [directory, scratch, join(home.home, '.gemini')]) mkdirSync(folder);
  writeFileSync(join(directory, 'note.txt'), 'The answer is 42.');
  writeFileSync(join(directory, 'dot.png'), Buffer.from(tinyImages['image/png'], 'base64'));
  writeFileSync(
    join(home.home, '.gemini', 'settings.json'),
    JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, maxAttempts: 1 },
    }),
  );
  const words = ['--prompt', prompt, '--output-format', 'json', '--approval-mode', 'yolo', ...options];
  const child = spawn(geminiCli, words, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...home.environment,
      // What the CLI leaves behind in its own folders is not this test's affair.
      TMPDIR: scratch,
      GEMINI_CLI_HOME: home.home,
      GEMINI_API_KEY: 'none',
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_CLI_NO_RELAUNCH: '1',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_BROWSER: 'true',
    },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  clearTimeout(timer);
  const report = /\{.*\}/s.exec(output)?.[0];
  if (report === undefined) return { answer: complaints, tools: undefined };
  const { response, error, stats } = JSON.parse(report);
  return { answer: response ?? error?.message ?? complaints, tools: stats?.tools?.byName };
}

/** The model behind a socket, as a server that speaks the dialect has it; counts of tokens are 42. */
async function serve(model: Model): Promise<AsyncDisposable & { url: string; asked: Operation<GeminiOptions>[] }> {
  const asked: Operation<GeminiOptions>[] = [];
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (response.headersSent) response.end(encodeFrame(gemini.errorFrame(error)));
      else send(response, error.kind === 'quota-exhausted' ? 429 : 400, gemini.error(error));
    }
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const operation = gemini.decode(await json(request), {
      limits: requestLimits,
      parameters: { target: decodeURIComponent(pathname.replace(/^\/v1(beta)?\/models\//, '')) },
      query: Object.fromEntries(searchParams),
      headers: {},
    });
    asked.push(operation);
    if (operation.kind === 'count-tokens') return send(response, 200, gemini.tokenCount.whole(42));
    const { options, request: asks } = operation;
    const context = { id: `answer${asked.length}`, createdAt: new Date(), model: asks.model, options };
    const events = streamOf([{ type: 'start', model: asks.model }, ...model(operation)]);
    if (!operation.stream) return send(response, 200, gemini.whole([await foldCompletion(events)], context));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const frame of gemini.frames([events], context)) response.write(encodeFrame(frame));
    response.end();
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

function decodeRecorded({ path, query, body }: RecordedRequest): Operation<GeminiOptions> {
  return gemini.decode(body, {
    limits: requestLimits,
    parameters: { target: path.replace('/v1beta/models/', '') },
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: {},
  });
}

const resultOf = ({ request }: Operation) => request.messages.findLast(({ role }) => role === 'tool');

describe('Gemini CLI as a client', { skip: skipWithoutGemini, timeout: 8 * limitMs }, () => {
  it('uses its own tools and gives the answer', async () => {
    const thought: StreamEvent[] = [
      { type: 'reasoning-delta', text: 'I should ' },
      { type: 'reasoning-delta', text: 'read it.' },
      { type: 'reasoning-end', origin: 'someone', signature: 'sealed' },
    ];
    await using server = await serve((operation) =>
      resultOf(operation)
        ? said(`It says: ${JSON.stringify(resultOf(operation)?.content)}`)
        : [
            ...thought,
            { type: 'text-delta', text: 'Let me ' },
            { type: 'text-delta', text: 'read it.' },
            ...calling(0, 'call|1', 'list_directory', { dir_path: '.' }),
            ...calling(1, 'call_2', 'read_file', { file_path: 'note.txt' }),
            { type: 'finish', reason: 'tool-calls', usage },
          ],
    );
    const { answer, tools } = await ask(server.url, 'What does the note say?', '--model', 'gemini-2.5-flash');
    assert.match(answer, /The answer is 42\./);
    assert.deepEqual(Object.keys(tools as object).sort(), ['list_directory', 'read_file']);
    const [first, second] = server.asked;
    assert.ok(first && second && server.asked.length === 2);
    assert.deepEqual([first.stream, first.options.framing], [true, 'sse']);
    assert.deepEqual([first.ignored, second.ignored], [[], []]);
    assert.ok(first.request.system?.includes('agent'));
    assert.ok(first.request.tools.some(({ name }) => name === 'read_file'));
    assert.deepEqual(second.request.messages.slice(0, first.request.messages.length), first.request.messages);
    // The thoughts came back whole, though this CLI throws them away.
    const turn = second.request.messages.findLast(({ role }) => role === 'assistant');
    assert.deepEqual(
      turn?.content.map((part) => (part.type === 'tool-call' ? part.call.id : part)),
      [
        { type: 'reasoning', text: 'I should read it.', origin: 'someone', signature: 'sealed' },
        { type: 'text', text: 'Let me read it.' },
        'call|1',
        'call_2',
      ],
    );
  });

  it('counts the tokens of a picture, then shows it', async () => {
    await using server = await serve((operation) =>
      resultOf(operation)
        ? said('A dot.')
        : [...calling(0, 'a', 'read_file', { file_path: 'dot.png' }), { type: 'finish', reason: 'tool-calls', usage }],
    );
    const { answer } = await ask(server.url, 'What is in @dot.png?', '--model', 'gemini-2.5-flash');
    assert.equal(answer, 'A dot.');
    assert.deepEqual(
      server.asked.map(({ kind }) => kind),
      ['count-tokens', 'generate', 'count-tokens', 'generate'],
    );
    const shown = server.asked.map(({ request }) => request.messages.at(-1)?.content.map(({ type }) => type));
    for (const types of shown) assert.ok(types?.includes('image'));
  });

  it('searches the web through us and cites what it found', async () => {
    const found = 'Zürich is sunny.';
    await using server = await serve((operation) => {
      if (operation.request.webSearch) {
        return [
          { type: 'text-delta', text: found },
          { type: 'citation', citation: { url: 'https://example.org/a', title: 'A page', start: 0, end: 15 } },
          { type: 'finish', reason: 'stop', usage },
        ];
      }
      if (resultOf(operation)) return said(JSON.stringify(resultOf(operation)?.content));
      const search = calling(0, 'a', 'google_web_search', { query: 'weather' });
      return [...search, { type: 'finish', reason: 'tool-calls', usage }];
    });
    const { answer } = await ask(server.url, 'How is the weather?', '--model', 'gemini-2.5-flash');
    assert.match(answer, /Zürich is sunny\[1\]\./);
    assert.match(answer, /\[1\] A page \(https:\/\/example\.org\/a\)/);
  });

  it('chooses a model by asking one for JSON', async () => {
    await using server = await serve((operation) =>
      operation.request.outputFormat
        ? said(JSON.stringify({ complexity_reasoning: 'Simple.', complexity_score: 1 }))
        : said('Hello.'),
    );
    const { answer } = await ask(server.url, 'Say hello.');
    assert.equal(answer, 'Hello.');
    const [choice] = server.asked;
    assert.ok(choice?.request.outputFormat?.kind === 'json-schema');
    assert.equal(choice.request.outputFormat.schema.type, 'object');
  });

  it('tells its user of a failure in our words', async () => {
    await using server = await serve(() => {
      throw new GatewayError('quota-exhausted', 'The plan is spent until tomorrow.', { retryAfterSeconds: 80_000 });
    });
    const { answer } = await ask(server.url, 'Say hello.', '--model', 'gemini-2.5-flash');
    assert.match(answer, /The plan is spent until tomorrow\./);
    assert.equal(server.asked.length, 1);
  });

  it('sends nothing to the real API that could not be read here', async () => {
    await using simulator = await startSimulator();
    const prompts = [
      'Hi [[think Hmm]] [[text Hello]]',
      'Fails [[call read_file {"file_path":"none.txt"}]]',
      'Two [[call read_file {"file_path":"note.txt"}]] [[call list_directory {"dir_path":"."}]]',
    ];
    for (const prompt of prompts) await ask(simulator.url, prompt, '--model', 'gemini-3-pro-preview');
    assert.equal(simulator.requests.length, 5);
    for (const request of simulator.requests) assert.ok(decodeRecorded(request).request.messages.length > 0);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { clientClis, runClient } from '../support/client-clis.ts';
import { skipWithoutCodex } from '../support/codex-cli.ts';
import { eventually } from '../support/eventually.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return 200;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error.status;
    throw error;
  }
}

describe('responses', { skip: skipWithoutClaude, timeout: 120_000 }, () => {
  let server: SimulatedServer;
  before(async () => {
    server = await SimulatedServer.start({ environment: { API_KEY: 'key-of-ada,key-of-eve' } });
  });
  after(() => server[Symbol.asyncDispose]());

  const client = (key = 'key-of-ada') => server.client(key);
  /** What the model was told at last, in the order of telling. */
  const told = () =>
    JSON.stringify((server.simulator.lastRequest()?.body as { messages: unknown } | undefined)?.messages);

  it('go on from each other, over a restart of the server too', async () => {
    const first = await client().responses.create({ model, input: '[[text Blue it is]] My colour is blue.' });
    assert.equal(first.output_text, 'Blue it is');
    const file = join(server.home.state, 'responses.sqlite');
    assert.equal(statSync(file).mode & 0o777, 0o600);

    await server.restart();
    const stream = client().responses.stream({
      model,
      input: '[[text Still blue]] Which one was it?',
      previous_response_id: first.id,
    });
    const second = await stream.finalResponse();
    assert.equal(second.output_text, 'Still blue');
    assert.match(told(), /My colour is blue.*Blue it is.*Which one was it/s);

    await server.restart();
    const found = await client().responses.retrieve(second.id);
    assert.equal(found.status, 'completed');
    assert.match(JSON.stringify(found.output), /Still blue/);
    const { data } = await client().responses.inputItems.list(second.id);
    assert.match(JSON.stringify(data), /Which one was it/);
    await client().responses.delete(first.id);
    const lost = client().responses.create({ model, input: 'And now?', previous_response_id: second.id });
    assert.equal(await statusOf(lost), 404);
  });

  it('take results of tool calls by the id of the response that asked for them', async () => {
    const asked = await client().responses.create({
      model,
      input: '[[call look_up {"what":"tea"}]] Look it up.',
      tools: [{ type: 'function', name: 'look_up', parameters: { type: 'object' }, strict: false }],
    });
    const call = asked.output.find((item) => item.type === 'function_call');
    assert.equal(call?.type === 'function_call' && call.arguments, '{"what":"tea"}');
    const done = await client().responses.create({
      model,
      previous_response_id: asked.id,
      input: [
        { type: 'function_call_output', call_id: call?.type === 'function_call' ? call.call_id : '', output: 'hot' },
      ],
      tools: [{ type: 'function', name: 'look_up', parameters: { type: 'object' }, strict: false }],
    });
    assert.equal(done.status, 'completed');
    assert.match(told(), /Look it up.*tool_use.*tool_result.*hot/s);
  });

  it('are their caller’s alone', async () => {
    const { id } = await client().responses.create({ model, input: '[[text Mine]]' });
    const { responses } = client('key-of-eve');
    const calls = [
      responses.retrieve(id),
      responses.inputItems.list(id),
      responses.delete(id),
      responses.create({ model, input: 'More', previous_response_id: id }),
    ];
    assert.deepEqual(await Promise.all(calls.map(statusOf)), [404, 404, 404, 404]);
    assert.match(JSON.stringify((await client().responses.retrieve(id)).output), /Mine/);
  });

  it('are made in the background, and cancelled there', async () => {
    const { id, status } = await client().responses.create({
      model,
      input: '[[wait 300]] [[text At last]]',
      background: true,
    });
    assert.equal(status, 'queued');
    const done = await eventually('it is complete', async () => {
      const found = await client().responses.retrieve(id);
      return found.status === 'completed' && found;
    });
    assert.match(JSON.stringify(done.output), /At last/);
    const { id: long } = await client().responses.create({ model, input: '[[wait 60000]]', background: true });
    assert.equal((await client().responses.cancel(long)).status, 'cancelled');
  });

  it('have failed when the server ended before they were made', async () => {
    const { id } = await client().responses.create({ model, input: '[[wait 600000]]', background: true });
    await server.restart();
    const found = await client().responses.retrieve(id);
    assert.equal(found.status, 'failed');
    assert.match(found.error?.message ?? '', /closing|restarted/);
  });
});

describe('Codex as a client over WebSocket', { skip: skipWithoutCodex || skipWithoutClaude, timeout: 120_000 }, () => {
  it('has its tools called, and says what the model says', async () => {
    await using server = await SimulatedServer.start({ environment: { VERBOSE: 'true' } });
    const codex = clientClis.find(({ title }) => title.startsWith('Codex')) ?? assert.fail('no such client');
    const client = {
      ...codex,
      arguments: (options: Parameters<typeof codex.arguments>[0]) =>
        codex
          .arguments(options)
          .map((argument) => argument.replace('wire_api="responses"', '$&,supports_websockets=true')),
    };
    const directory = join(server.home.directory, 'project');
    mkdirSync(directory);
    writeFileSync(join(directory, 'note.txt'), 'the word is heron');
    const call = JSON.stringify(codex.readCall(join(directory, 'note.txt')).arguments);
    const prompt = `[[call exec_command ${call}]] Read the note.`;
    const ran = await runClient(client, {
      home: server.home,
      url: server.url,
      model,
      prompt,
      directory,
    });
    assert.equal(ran.code, 0, ran.errors);
    assert.match(JSON.stringify(server.simulator.lastRequest()?.body), /the word is heron/);
    const lines = server.log.filter(({ path }) => String(path).startsWith('/v1/responses'));
    // One to get ready, one that asks for the tool, one with its result.
    assert.equal(lines.length, 3);
    for (const line of lines) assert.deepEqual([line.method, line.outcome], ['WEBSOCKET', 'ok']);
  });
});

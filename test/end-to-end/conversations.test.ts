import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type OpenAI from 'openai';
import { readAnthropicUpstream } from '../contracts/claude.upstream.ts';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { processesOf } from '../support/processes.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

type Message = OpenAI.ChatCompletionMessageParam;

const system: Message = { role: 'system', content: 'You remember.' };
const first: Message = { role: 'user', content: '[[text One]]' };
const echo: Message = { role: 'assistant', content: 'One' };
const second: Message = { role: 'user', content: '[[text Two]]' };

describe('conversations and their processes', { skip: skipWithoutClaude, timeout: 120_000 }, () => {
  let server: SimulatedServer;
  before(async () => {
    server = await SimulatedServer.start({ environment: { API_KEY: 'first-key,second-key' } });
  });
  after(() => server[Symbol.asyncDispose]());
  beforeEach(() => server.standby());

  const ask = async (messages: Message[], key = 'first-key', rest: { tools?: OpenAI.ChatCompletionTool[] } = {}) => {
    const { choices } = await server.client(key).chat.completions.create({ model, messages, ...rest });
    return choices[0]?.message.content;
  };
  const pids = () => processesOf(server.home.directory).map(({ pid }) => pid);
  const last = () => server.simulator.lastRequest() ?? assert.fail('nothing arrived');
  /** The sessions that took a turn meanwhile, by the number of turns that each has taken by then. */
  const turnsTaken = async (work: () => Promise<unknown>) => {
    const before = new Map(server.sessions.opened.map((entry) => [entry, entry.turns]));
    await work();
    return server.sessions.opened.filter((entry) => entry.turns > (before.get(entry) ?? 0)).map(({ turns }) => turns);
  };

  it('start no process between a request and its first word to the model', async () => {
    const seen: number[][] = [];
    using _ = server.simulator.script('which processes', () => {
      seen.push(pids());
      return [{ type: 'text', text: 'These' }];
    });
    for (const tools of [undefined, [{ type: 'function' as const, function: { name: 'look' } }]]) {
      await server.standby({ web: tools === undefined });
      const before = pids();
      await ask([{ role: 'user', content: 'which processes' }], 'first-key', { tools });
      assert.deepEqual(
        seen.at(-1)?.filter((pid) => !before.includes(pid)),
        [],
      );
    }
    assert.equal(seen.length, 2);
  });

  it('go on in their own process, to which only the new message is told', async () => {
    await ask([system, first]);
    const before = readAnthropicUpstream(last());
    const start = (last().body as { system: unknown; messages: unknown[] }).messages[0];
    await server.standby();
    const standing = pids();
    assert.deepEqual(await turnsTaken(() => ask([system, first, echo, second])), [2]);
    const after = readAnthropicUpstream(last());
    assert.deepEqual((last().body as { messages: unknown[] }).messages.length >= 3, true);
    assert.equal(after.system, before.system);
    assert.deepEqual(after.messages, [
      ...before.messages,
      { role: 'assistant', content: [{ text: 'One' }] },
      { role: 'user', content: [{ text: '[[text Two]]' }] },
    ]);
    assert.match(JSON.stringify(start), /text One/);
    assert.deepEqual(
      pids().filter((pid) => !standing.includes(pid)),
      [],
    );
  });

  it('of one caller are out of another’s reach', async () => {
    await ask([system, first]);
    await server.standby();
    assert.deepEqual(await turnsTaken(() => ask([system, first, echo, second], 'second-key')), [1]);
    assert.deepEqual(readAnthropicUpstream(last()).messages.length, 3);
    assert.deepEqual(await turnsTaken(() => ask([system, first, echo, second])), [2]);
  });

  it('begin anew when their history was changed', async () => {
    await ask([system, first]);
    await server.standby();
    const edited: Message = { role: 'assistant', content: 'Eleven' };
    assert.deepEqual(await turnsTaken(() => ask([system, first, edited, second])), [1]);
    assert.deepEqual(readAnthropicUpstream(last()).messages[1], { role: 'assistant', content: [{ text: 'Eleven' }] });
    await server.standby();
    const other: Message = { role: 'system', content: 'You forget.' };
    assert.deepEqual(await turnsTaken(() => ask([other, first, echo, second])), [1]);
    assert.equal(readAnthropicUpstream(last()).system, 'You forget.');
  });

  it('fork into processes of their own', async () => {
    await ask([system, first]);
    await server.standby();
    const forks = ['[[text Left]]', '[[text Right]]'].map((content) =>
      ask([system, first, echo, { role: 'user', content }]),
    );
    assert.deepEqual(await Promise.all(forks), ['Left', 'Right']);
  });

  it('let nobody in without a key', async () => {
    await assert.rejects(ask([first], 'wrong-key'), { status: 401, code: 'invalid_api_key' });
    const response = await server.post({ model, messages: [first] });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    assert.deepEqual(await (await fetch(`${server.url}/health`)).json(), { status: 'healthy' });
    assert.equal((await fetch(`${server.url}/v1/models`, { headers: { 'x-api-key': 'second-key' } })).status, 200);
  });
});

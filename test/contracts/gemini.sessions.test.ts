import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Message } from '../../src/core/message.ts';
import type { GenerateRequest } from '../../src/core/request.ts';
import type { Step } from '../../src/simulator/script.ts';
import { eventually } from '../support/eventually.ts';
import { geminiCli, skipWithoutGemini } from '../support/gemini-cli.ts';
import { createGemini, type GeminiStage } from '../support/gemini-provider.ts';
import { processesOf } from '../support/processes.ts';
import { readGeminiUpstream } from './gemini.upstream.ts';
import { assistant, result, tool, user } from './provider/asking.ts';

const timeoutMs = 60_000;
const model = 'gemini-3.8-flash';
const look = tool('look', { at: { type: 'string' } });

/** Sessions of one provider, asked at the same time or one after the other. */
class Caller {
  readonly gemini: GeminiStage;

  constructor(gemini: GeminiStage) {
    this.gemini = gemini;
  }

  open(web = false) {
    return this.gemini.provider.open({ account: 'default', web }, AbortSignal.timeout(timeoutMs));
  }

  /** One turn, with what of it is looked at here. */
  async ask(session: Awaited<ReturnType<Caller['open']>>, request: Partial<GenerateRequest>, known = 0) {
    const messages = request.messages ?? [];
    const whole: GenerateRequest = { model, tools: [], ...request, messages };
    let text = '';
    const calls: { id: string; name: string; arguments: string }[] = [];
    let reason: string | undefined;
    for await (const event of session.turn(whole, { known }, AbortSignal.timeout(timeoutMs))) {
      if (event.type === 'text-delta') text += event.text;
      if (event.type === 'tool-call-end') calls.push(event.call);
      if (event.type === 'finish') reason = event.reason;
    }
    const content = calls.map((call) => ({ type: 'tool-call' as const, call: { kind: 'function' as const, ...call } }));
    const answer: Message = calls.length > 0 ? { role: 'assistant', content } : assistant(text);
    return { text, calls, reason, answer };
  }

  /** What reached the model API for the request with this text in it. */
  upstream(text: string) {
    const request = this.gemini.simulator.lastRequest((one) => one.rawBody.includes(text));
    assert.ok(request, `nothing with ${text} reached the model API`);
    return readGeminiUpstream(request);
  }
}

describe('sessions of Gemini CLI', { skip: skipWithoutGemini, timeout: 180_000 }, () => {
  let caller: Caller;
  before(async () => {
    const gemini = await createGemini();
    const { state, advice } = await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.equal(state, 'ready', advice);
    caller = new Caller(gemini);
  });
  after(() => caller.gemini[Symbol.asyncDispose]());

  it('that run at the same time have each its own system prompt, in their next turns too', async () => {
    const people = await Promise.all(
      ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'].map(async (name) => {
        const session = await caller.open(name === 'Bob');
        const question = user(`I am ${name} [[slow 20]] [[repeat 10 word]]`);
        const asked = { system: `Serve ${name}.`, messages: [question] };
        const { answer } = await caller.ask(session, asked);
        return { name, session, messages: [question, answer] };
      }),
    );
    for (const { name } of people) assert.equal(caller.upstream(`I am ${name} `).system, `Serve ${name}.`);
    for (const { name, session, messages } of people) {
      const next = [...messages, user(`Still ${name}! [[text Yes]]`)];
      assert.equal((await caller.ask(session, { system: `Serve ${name}.`, messages: next }, 2)).text, 'Yes');
      const { system, messages: seen } = caller.upstream(`Still ${name}!`);
      assert.equal(system, `Serve ${name}.`);
      assert.equal(seen.length, 3);
      await session[Symbol.asyncDispose]();
    }
  });

  it('take settings and tools’ choice in a later turn, without having been made for them', async () => {
    await using session = await caller.open();
    const question = user('[[text First]]');
    const { answer } = await caller.ask(session, { messages: [question] });
    const messages = [question, answer, user('Cool now [[text Second]]')];
    assert.equal((await caller.ask(session, { messages, temperature: 0.125, maxOutputTokens: 77 }, 2)).text, 'Second');
    const { temperature, maxOutputTokens } = caller.upstream('Cool now');
    assert.deepEqual([temperature, maxOutputTokens], [0.125, 77]);
  });

  it('with the same calls at the same time get each its own results', async () => {
    using _ = caller.gemini.simulator.script(
      ({ rawBody }) => rawBody.includes('twice the same') && !rawBody.includes('functionResponse'),
      ({ rawBody }): Step[] => {
        const [, who] = /twice the same (\w+)/.exec(rawBody) ?? [];
        const second = { type: 'call' as const, name: 'mcp_t_look', arguments: { at: `the home of ${who}` } };
        return [{ type: 'call', name: 'mcp_t_look', arguments: { at: 'Paris' } }, second];
      },
    );
    await Promise.all(
      ['one', 'two', 'three', 'four'].map(async (who) => {
        await using session = await caller.open();
        const asked = { tools: [look], system: 'Look.', messages: [user(`twice the same ${who}`)] };
        const { calls, answer } = await caller.ask(session, asked);
        assert.deepEqual(
          calls.map((call) => JSON.parse(call.arguments)),
          [{ at: 'Paris' }, { at: `the home of ${who}` }],
        );
        const results = calls.map(({ id }, index) => result(id, `${who}-${index}`));
        const messages = [...asked.messages, answer, ...results];
        const { text } = await caller.ask(session, { ...asked, messages }, 2);
        assert.match(text, new RegExp(`"${who}-0" and "${who}-1"`));
      }),
    );
  });

  it('answer by a schema after calls of the caller’s own tools', async () => {
    await using session = await caller.open();
    const schema = { type: 'object', properties: { sky: { type: 'string' } }, required: ['sky'] };
    const outputFormat = { kind: 'json-schema' as const, name: 'weather', schema, strict: false };
    const asked = { tools: [look], outputFormat, messages: [user('Look first [[call look {"at":"Paris"}]]')] };
    const { calls, answer, reason } = await caller.ask(session, asked);
    assert.equal(reason, 'tool-calls');
    using _ = caller.gemini.simulator.script(
      ({ rawBody }) => rawBody.includes('functionResponse'),
      [{ type: 'call', name: 'mcp_t_json_answer', arguments: { sky: 'blue' } }],
    );
    const messages = [...asked.messages, answer, result(calls[0]?.id ?? '', 'blue')];
    const second = await caller.ask(session, { ...asked, messages }, 2);
    assert.deepEqual([second.text, second.reason], ['{"sky":"blue"}', 'stop']);
    const { toolChoice } = caller.upstream('Look first');
    assert.equal(toolChoice, undefined);
  });

  it('go on when the CLI has died while a call waited', async () => {
    await using session = await caller.open();
    const asked = { tools: [look], messages: [user('[[call look {"at":"Oslo"}]]')] };
    const { calls, answer } = await caller.ask(session, asked);
    const before = processesOf(caller.gemini.home.directory).map(({ pid }) => pid);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await eventually('it is noticed', () => caller.gemini.home.sessionFiles().length === 0);
    const messages = [...asked.messages, answer, result(calls[0]?.id ?? '', 'cold')];
    const { text } = await caller.ask(session, { ...asked, messages }, 2);
    assert.match(text, /cold/);
    assert.equal(session.usable, true);
  });

  it('leave no conversation on the disk', async () => {
    const secrets = () =>
      readdirSync(caller.gemini.home.temporary, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter((file) => readFileSync(file, 'utf8').includes('a secret of mine'));
    const session = await caller.open();
    await caller.ask(session, { messages: [user('a secret of mine [[text like a secret of mine]]')] });
    assert.ok(secrets().length > 0);
    await session[Symbol.asyncDispose]();
    assert.deepEqual(secrets(), []);
  });

  it('do not end a worker that others use, nor start one that nobody needs', async () => {
    const [pid, ...others] = processesOf(caller.gemini.home.directory).map((one) => one.pid);
    assert.deepEqual(others, []);
    const sessions = await Promise.all(Array.from({ length: 12 }, () => caller.open()));
    await Promise.all(
      sessions.map((session) => caller.ask(session, { system: 'All.', messages: [user('[[text x]]')] })),
    );
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
    assert.deepEqual(
      processesOf(caller.gemini.home.directory).map((one) => one.pid),
      [pid],
    );
  });
});

describe('Gemini CLI', { skip: skipWithoutGemini, timeout: 120_000 }, () => {
  it('is told to be signed out without a key or a login, and starts nothing', async () => {
    await using gemini = await createGemini({ environment: { GEMINI_API_KEY: '' } });
    const { state, advice, models } = await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.deepEqual([state, models], ['signed-out', []]);
    assert.match(advice ?? '', /GEMINI_API_KEY/);
    assert.deepEqual(processesOf(gemini.home.directory), []);
    const opening = gemini.provider.open({ account: 'default', web: false }, AbortSignal.timeout(timeoutMs));
    await assert.rejects(opening, { kind: 'provider-missing' });
  });

  it('is told to be missing, or too old', async (t) => {
    await using missing = await createGemini({ command: '/no/such/gemini' });
    const status = await missing.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.equal(status.state, 'missing');
    assert.match(status.advice ?? '', /GEMINI_CLI_PATH/);
    const old = mkdtempSync(join(tmpdir(), 'old-gemini-'));
    t.after(() => rmSync(old, { recursive: true }));
    writeFileSync(join(old, 'package.json'), '{"name":"@google/gemini-cli","version":"0.9.0"}');
    writeFileSync(join(old, 'gemini.js'), '#!/usr/bin/env node\n', { mode: 0o755 });
    await using outdated = await createGemini({ command: join(old, 'gemini.js') });
    const { state, version } = await outdated.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.deepEqual([state, version], ['outdated', '0.9.0']);
  });

  it('tells a login that asks for a browser as signed out, and leaves nothing running', async () => {
    await using gemini = await createGemini({
      environment: { GEMINI_API_KEY: '' },
      soil: ({ home }) => {
        mkdirSync(join(home, '.gemini'));
        writeFileSync(join(home, '.gemini', 'oauth_creds.json'), '{"access_token":"x","expiry_date":1}');
      },
    });
    const { state } = await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.ok(state === 'signed-out' || state === 'failed', state);
    assert.deepEqual(processesOf(gemini.home.directory), []);
  });

  it('says who pays, and lists its models without asking the model API', async () => {
    await using gemini = await createGemini({ prefix: 'demo-gemini' });
    const { login, version, models } = await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
    assert.deepEqual(login, { method: 'gemini-api-key', payer: 'the key in GEMINI_API_KEY' });
    assert.equal(version, '0.61.0');
    assert.ok(models.length > 3);
    assert.ok(models.every(({ id }) => id.startsWith('demo-gemini-')));
    assert.deepEqual(gemini.simulator.requests, []);
    const caller = new Caller(gemini);
    await using session = await caller.open();
    assert.equal((await caller.ask(session, { model: 'demo-gemini', messages: [user('[[text Hi]]')] })).text, 'Hi');
  });

  it('shows a proxy nothing of the caller’s tools', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(502).end();
    }).on('connect', ({ url = '' }, socket) => {
      seen.push(url);
      socket.end('HTTP/1.1 502 no\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await using gemini = await createGemini({ environment: { HTTPS_PROXY: address, HTTP_PROXY: address } });
      await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
      const caller = new Caller(gemini);
      await using session = await caller.open();
      const { calls } = await caller.ask(session, { tools: [look], messages: [user('[[call look {"at":"x"}]]')] });
      assert.equal(calls.length, 1);
      assert.deepEqual(seen, []);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('is run by the Node that runs us, in one process', async () => {
    await using gemini = await createGemini();
    await gemini.provider.inspect(AbortSignal.timeout(timeoutMs));
    const running = processesOf(gemini.home.directory);
    assert.equal(running.length, 1);
    assert.equal(running[0]?.arguments[0], process.execPath);
    assert.ok(geminiCli.length > 0);
  });
});

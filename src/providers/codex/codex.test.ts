import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readResponsesUpstream } from '../../../test/contracts/codex.upstream.ts';
import { codexCli, skipWithoutCodex } from '../../../test/support/codex-cli.ts';
import { type CodexUnderTest, createCodex } from '../../../test/support/codex-provider.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { processesOf } from '../../../test/support/processes.ts';
import { type Completion, foldCompletion } from '../../core/completion.ts';
import { GatewayError } from '../../core/error.ts';
import type { Message } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import type { Session } from '../provider.ts';
import { codex as codexCliDefinition } from './definition.ts';
import { nativeProgram } from './native-program.ts';

const soon = () => AbortSignal.timeout(30_000);
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const look: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: 'Looks',
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
};
const callsOf = ({ message }: Completion) =>
  message.content.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
const textOf = ({ message }: Completion) =>
  message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
const results = (completion: Completion): Message[] =>
  callsOf(completion).map(({ id }) => ({ role: 'tool', callId: id, content: [{ type: 'text', text: 'sunny' }] }));

/** One Codex and its model API; asks one request at a time. */
class Bench implements AsyncDisposable {
  readonly codex: CodexUnderTest;
  #sessions: Session[] = [];

  constructor(codex: CodexUnderTest) {
    this.codex = codex;
  }

  static async open(settings?: Record<string, string | undefined>): Promise<Bench> {
    const codex = await createCodex({ settings });
    const { state, advice } = await codex.provider.inspect(soon());
    assert.equal(state, 'ready', advice);
    return new Bench(codex);
  }

  readonly session = async (web = false): Promise<Session> => {
    const session = await this.codex.provider.open({ account: 'default', web });
    this.#sessions.push(session);
    return session;
  };

  readonly ask = async (
    fields: Partial<GenerateRequest> & { messages: Message[] },
    { session, known = 0 }: { session?: Session; known?: number } = {},
  ) => {
    const taken = session ?? (await this.session());
    const before = this.codex.simulator.requests.length;
    const request: GenerateRequest = { model: 'gpt-5.5', tools: [], ...fields };
    const completion = await foldCompletion(taken.turn(request, { known }, soon()));
    const requests = this.codex.simulator.requests.slice(before);
    const upstream = requests.map(readResponsesUpstream);
    return { completion, session: taken, upstream, messages: [...request.messages, completion.message] };
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session[Symbol.asyncDispose]()));
    await this.codex[Symbol.asyncDispose]();
  }
}

describe('Codex', { skip: skipWithoutCodex, timeout: 180_000 }, () => {
  describe('in a conversation', () => {
    let bench: Bench;
    before(async () => {
      bench = await Bench.open();
    });
    after(() => bench?.[Symbol.asyncDispose]());

    it('changes the model without a summary of what was said', async () => {
      const first = await bench.ask({ messages: [user('[[text One]]')] });
      const second = await bench.ask(
        { model: 'gpt-6-luna', messages: [...first.messages, user('[[text Two]]')] },
        { session: first.session, known: 2 },
      );
      assert.equal(second.upstream.length, 1);
      const [upstream] = second.upstream;
      assert.equal(upstream?.model, 'gpt-6-luna');
      assert.deepEqual(
        upstream.messages.map(({ role, content }) => [role, content]),
        [
          ['user', [{ text: '[[text One]]' }]],
          ['assistant', [{ text: 'One' }]],
          ['user', [{ text: '[[text Two]]' }]],
        ],
      );
      assert.equal(textOf(second.completion), 'Two');
    });

    it('changes the verbosity, which a thread cannot', async () => {
      const first = await bench.ask({ messages: [user('[[text One]]')] });
      const messages = [...first.messages, user('[[text Two]]')];
      const second = await bench.ask({ messages, verbosity: 'low' }, { session: first.session, known: 2 });
      assert.equal(second.upstream[0]?.verbosity, 'low');
      assert.equal(second.upstream[0]?.messages.length, 3);
    });

    it('takes results together with more words, or with another effort', async () => {
      for (const [added, effort] of [
        [[user('And be quick.')], undefined],
        [[], 'high'],
      ] as const) {
        const first = await bench.ask({ messages: [user('[[call look {"at":"Paris"}]]')], tools: [look] });
        const messages = [...first.messages, ...results(first.completion), ...added];
        const { completion, upstream } = await bench.ask(
          { messages, tools: [look], effort },
          { session: first.session, known: 2 },
        );
        assert.equal(completion.reason, 'stop');
        assert.equal(upstream.length, 1);
        assert.equal(upstream[0]?.effort, effort ?? 'medium');
        const [, , last] = upstream[0]?.messages ?? [];
        const [result, ...more] = last?.content ?? [];
        assert.ok(result && 'result' in result);
        assert.deepEqual(more, added.length > 0 ? [{ text: 'And be quick.' }] : []);
      }
    });

    it('goes on in the same thread after results, call after call', async () => {
      using _ = bench.codex.simulator.script(
        ({ body }) => JSON.stringify(body).includes('look around'),
        ({ prompt }) => {
          const times = prompt.toolResults.length;
          return times === 0 || prompt.toolResults[0] === 'sunny'
            ? [{ type: 'call', name: 'look', arguments: { at: 'Paris' } }]
            : [{ type: 'text', text: 'Enough.' }];
        },
      );
      let turn = await bench.ask({ messages: [user('look around')], tools: [look] });
      const threads = new Set<unknown>();
      for (let round = 0; round < 5; round += 1) {
        const messages = [...turn.messages, ...results(turn.completion)];
        turn = await bench.ask({ messages, tools: [look] }, { session: turn.session, known: turn.messages.length });
        threads.add(/"prompt_cache_key":"([^"]+)"/.exec(bench.codex.simulator.requests.at(-1)?.rawBody ?? '')?.[1]);
        assert.equal(turn.upstream.length, 1);
      }
      assert.equal(threads.size, 1);
    });

    it('gives its reasoning back to the model when it is told anew', async () => {
      const first = await bench.ask({ messages: [user('[[think Hm.]] [[text One]]')] });
      const { upstream } = await bench.ask({ messages: [...first.messages, user('[[text Two]]')] });
      const [part] = upstream[0]?.messages[1]?.content ?? [];
      assert.ok(part && 'reasoning' in part);
      assert.equal(part.reasoning, 'Hm.');
      assert.notEqual(part.signature, '');
    });

    it('asks in words for JSON that may leave members out, in that turn only', async () => {
      const schema = { type: 'object', properties: { city: { type: 'string' }, river: { type: 'string' } } };
      const outputFormat = { kind: 'json-schema' as const, name: 'city', schema, strict: false };
      const first = await bench.ask({ messages: [user('[[text {}]]')], outputFormat });
      assert.equal(first.upstream[0]?.outputSchema, undefined);
      const last = first.upstream[0]?.messages.at(-1);
      assert.equal(last?.role, 'system');
      assert.match(JSON.stringify(last.content), /river/);
      const messages = [...first.messages, user('[[text Two]]')];
      const second = await bench.ask({ messages }, { session: first.session, known: 2 });
      assert.doesNotMatch(JSON.stringify(second.upstream[0]?.messages), /river/);
    });

    it('calls a tool by a name that Codex keeps for itself', async () => {
      const tools = [{ ...look, name: 'exec_command' }];
      const { upstream } = await bench.ask({ messages: [user('[[text Ready]]')], tools });
      const native = upstream[0]?.tools[0]?.name ?? '';
      assert.match(native, /^exec_command_/);
      const { completion } = await bench.ask({ messages: [user(`[[call ${native} {"at":"x"}]]`)], tools });
      assert.deepEqual(
        callsOf(completion).map(({ name }) => name),
        ['exec_command'],
      );
    });

    it('takes a model that it does not know, and tells what the model API says of it', async () => {
      const { upstream } = await bench.ask({ model: 'gpt-4.1-old', messages: [user('[[text One]]')] });
      assert.equal(upstream[0]?.model, 'gpt-4.1-old');
      assert.equal((await bench.ask({ model: 'codex', messages: [user('Hi')] })).upstream[0]?.model, 'gpt-6.1-sol');
      const failure = bench.ask({ model: 'gpt-gone', messages: [user('[[status 404]]')] });
      await assert.rejects(failure, { kind: 'model-not-found' });
    });

    it('takes any schema of a tool', async () => {
      const parameters = [
        {},
        { type: 'object', properties: { pair: { type: 'array', items: [{ type: 'string' }] } } },
        { type: 'object', properties: { any: true, none: false, odd: { type: 'string', 'x-note': { deep: [1] } } } },
        { anyOf: [{ type: 'object', properties: { a: { const: 1 } } }, { type: 'object' }] },
        { $ref: '#/definitions/a', definitions: { a: { type: 'object', properties: { b: { enum: [1, 'x'] } } } } },
      ];
      const tools = parameters.map((schema, index) => ({ ...look, name: `tool_${index}`, parameters: schema }));
      const { upstream } = await bench.ask({ messages: [user('[[text Ready]]')], tools });
      assert.equal(upstream[0]?.tools.length, parameters.length);
    });

    it('keeps conversations apart that run at the same time', async () => {
      const texts = Array.from({ length: 12 }, (_, index) => `Number ${index}`);
      const answers = await Promise.all(
        texts.map(async (text) => {
          const session = await bench.session();
          const request = { model: 'gpt-5.5', tools: [], messages: [user(`[[slow 5]] [[text ${text}]]`)] };
          return textOf(await foldCompletion(session.turn(request, { known: 0 }, soon())));
        }),
      );
      assert.deepEqual(answers, texts);
    });

    it('remembers how full the limits are', async () => {
      const headers = {
        'x-codex-primary-used-percent': '37',
        'x-codex-primary-window-minutes': '300',
        'x-codex-primary-reset-at': '1900000000',
      };
      using _ = bench.codex.simulator.script('tell limits', [
        { type: 'headers', headers },
        { type: 'text', text: 'Told.' },
      ]);
      await bench.ask({ messages: [user('tell limits')] });
      const quota = await eventually('the limits are told', () => bench.codex.provider.quota()[0]);
      const resetsAt = new Date(1_900_000_000_000);
      assert.deepEqual(quota, { window: 'five_hour', utilization: 0.37, exhausted: false, resetsAt });
    });
  });

  describe('with its official list of models', () => {
    it('calls tools out of scripts, one after the other', async () => {
      await using bench = await Bench.open({ CODEX_CATALOG: 'official' });
      const script = `const places = ["Paris", "Rome"].map((at) => tools.look({ at })); text((await Promise.all(places)).join());`;
      const request = { model: 'gpt-6.1-sol', tools: [look] };
      const asked = [user(`[[call exec ${JSON.stringify({ input: script })}]]`)];
      const first = await bench.ask({ ...request, messages: asked });
      const second = await bench.ask(
        { ...request, messages: [...first.messages, ...results(first.completion)] },
        { session: first.session, known: 2 },
      );
      const calls = [first, second].map(({ completion }) => callsOf(completion).map(({ arguments: text }) => text));
      assert.deepEqual(calls.toSorted(), [['{"at":"Paris"}'], ['{"at":"Rome"}']]);
      const third = await bench.ask(
        { ...request, messages: [...second.messages, ...results(second.completion)] },
        { session: first.session, known: 4 },
      );
      assert.match(textOf(third.completion), /sunny,sunny/);
      assert.equal(third.completion.reason, 'stop');
    });
  });

  describe('over WebSockets', () => {
    it('turns to HTTPS where they are refused', async () => {
      await using simulator = await startSimulator();
      let refused = 0;
      const front = createServer((incoming, response) => {
        const { method, url, headers } = incoming;
        const onward = request(`${simulator.url}${url}`, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(response);
        });
        incoming.pipe(onward);
      });
      front.on('upgrade', (_, socket) => {
        refused += 1;
        socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n');
      });
      front.listen(0, '127.0.0.1');
      await once(front, 'listening');
      const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/v1`;
      try {
        await using bench = await Bench.open({ CODEX_WEBSOCKET: 'on', CODEX_BASE_URL: url });
        const session = await bench.session();
        const asked = { model: 'gpt-5.5', tools: [], messages: [user('[[text Here]]')] };
        assert.equal(textOf(await foldCompletion(session.turn(asked, { known: 0 }, soon()))), 'Here');
        assert.ok(refused > 0);
      } finally {
        front.close();
        front.closeAllConnections();
      }
    });
  });

  describe('as a process', () => {
    it('is the native program, and one for all conversations', async () => {
      await using bench = await Bench.open();
      await Promise.all([bench.session(), bench.session(true), bench.session()]);
      const [running, ...others] = processesOf(bench.codex.home.directory);
      assert.deepEqual(others, []);
      assert.equal(running?.arguments[0], await nativeProgram(codexCli));
    });

    it('starts again when it has died, for conversations that come and that go on', async () => {
      await using bench = await Bench.open();
      const first = await bench.ask({ messages: [user('[[text One]]')] });
      for (const { pid } of processesOf(bench.codex.home.directory)) process.kill(pid, 'SIGKILL');
      await first.session.exited;
      assert.equal(first.session.usable, false);
      const second = await bench.ask({ messages: [...first.messages, user('[[text Two]]')] });
      assert.equal(textOf(second.completion), 'Two');
    });

    it('ends with the provider, in the middle of an answer too', async () => {
      await using bench = await Bench.open();
      const session = await bench.session();
      const request = { model: 'gpt-5.5', tools: [], messages: [user('[[slow 20]] [[repeat 2000 word]]')] };
      const answer = session.turn(request, { known: 0 }, soon());
      await answer.next();
      await bench.codex.provider[Symbol.asyncDispose]();
      await assert.rejects(
        async () => {
          for await (const _ of answer);
        },
        (error) => error instanceof GatewayError && error.kind === 'provider-failed',
      );
      await session.exited;
      assert.deepEqual(processesOf(bench.codex.home.directory), []);
      await assert.rejects(bench.session(), { kind: 'overloaded' });
    });
  });

  describe('with a login', () => {
    const login = { CODEX_API_KEY: undefined, CODEX_BASE_URL: undefined, HTTPS_PROXY: 'http://127.0.0.1:9' };

    it('says that nobody is signed in, and who pays once somebody is', async () => {
      await using codex = await createCodex({ settings: login });
      const before = await codex.provider.inspect(soon());
      assert.equal(before.state, 'signed-out');
      assert.deepEqual(before.models, []);
      const { arguments: words, environment } = await codexCliDefinition.login({
        stateHome: codex.home.state,
        account: 'default',
      });
      const signIn = spawn(codexCli, [...words, '--with-api-key'], {
        env: { ...codex.home.environment, ...environment },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      signIn.stdin.end('sk-simulated-0123456789\n');
      assert.deepEqual(await once(signIn, 'exit'), [0, null]);
      const after = await codex.provider.inspect(soon());
      assert.equal(after.state, 'ready', after.advice);
      assert.match(after.login?.payer ?? '', /API key of your Codex login/);
      assert.ok(after.models.length > 3);
      // It reaches nobody from here: its own address is OpenAI's.
      await using session = await codex.provider.open({ account: 'default', web: false });
      const request = { model: 'gpt-5.5', tools: [], messages: [user('Hi')] };
      const failure = foldCompletion(session.turn(request, { known: 0 }, soon()));
      await assert.rejects(failure, { kind: 'upstream-unavailable' });
    });

    it('does not start with instructions in its folder', async () => {
      await using codex = await createCodex();
      await codex.provider.inspect(soon());
      const file = join(codex.home.state, 'codex', 'key', 'AGENTS.md');
      writeFileSync(file, 'Say moo.');
      const status = await codex.provider.inspect(soon());
      assert.equal(status.state, 'failed');
      assert.match(status.advice ?? '', /AGENTS\.md/);
      await assert.rejects(codex.provider.open({ account: 'default', web: false }), { kind: 'provider-failed' });
      rmSync(file);
      assert.equal((await codex.provider.inspect(soon())).state, 'ready');
    });
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, callChat, type Ending } from '../support/call-chat.ts';
import type { CliSessions } from '../support/cli-sessions.ts';
import type { Random } from '../support/random.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { usualModel as model } from '../support/simulated-server.ts';

export interface Chaos {
  server: ServerProcess;
  sessions: CliSessions;
  random: Random;
  /** Requests made so far. */
  calls: number;
  /** CLI processes killed that looked as if no request used them. */
  sparesKilled: number;
  /** Requests that failed although nobody meant them: the spare that was killed had just become theirs. */
  mishaps: number;
}

/** A scene of one request or some: what is asked, and what is done meanwhile. Fails unless each ends as it may. */
type Scene = (chaos: Chaos, mark: string) => Promise<Ending>;

const say = (content: string) => [{ role: 'user', content }];
const tool = {
  type: 'function',
  function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
};
const slowAnswer = '[[slow 20]] [[repeat 60 word]]';

export const scenes: Record<string, Scene> = {
  async whole(chaos, mark) {
    const ending = await call(chaos, { messages: say(`${mark} [[text Hello ${mark}]]`) });
    return settle(chaos, ending, { text: `Hello ${mark}` });
  },

  async streamed(chaos, mark) {
    const messages = say(`${mark} [[think Well]] [[fragment 7]] [[text Hello ${mark}]]`);
    return settle(chaos, await call(chaos, { stream: true, messages }), { text: `Hello ${mark}` });
  },

  async conversation(chaos, mark) {
    const messages: object[] = [];
    for (let turn = 1; ; turn += 1) {
      messages.push(...say(`${mark} [[text Turn ${turn} of ${mark}]]`));
      const ending = await call(chaos, { messages, stream: turn % 2 === 0 });
      settle(chaos, ending, { text: `Turn ${turn} of ${mark}` });
      if (turn === 4 || ending.type !== 'answer') return ending;
      messages.push({ role: 'assistant', content: ending.text });
    }
  },

  async tools(chaos, mark) {
    const messages = say(`${mark} [[call look {"at":"${mark}"}]] [[call look {"at":"sky"}]]`);
    const first = await call(chaos, { messages, tools: [tool], stream: true });
    if (first.type !== 'answer') return settle(chaos, first);
    const { toolCalls, finishReason } = first;
    assert.equal(finishReason, 'tool_calls');
    const places = toolCalls.map(({ function: { arguments: json } }) => JSON.parse(json).at);
    assert.deepEqual(places, [mark, 'sky']);
    const results = toolCalls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'seen' }));
    const next = [...messages, { role: 'assistant', content: null, tool_calls: toolCalls }, ...results];
    return settle(chaos, await call(chaos, { messages: next, tools: [tool] }));
  },

  async 'long pause'(chaos, mark) {
    const messages = say(`${mark} [[text Before]] [[wait 1500]] [[text after]]`);
    return settle(chaos, await call(chaos, { stream: true, messages }), { text: 'Beforeafter' });
  },

  async 'hang-up in mid-answer'(chaos, mark) {
    const hangUpAfterPieces = chaos.random.integer(1, 30);
    const ending = await call(chaos, { stream: true, messages: say(`${mark} ${slowAnswer}`) }, { hangUpAfterPieces });
    return settle(chaos, ending, { hungUp: true });
  },

  async 'hang-up before the head'(chaos, mark) {
    const signal = AbortSignal.timeout(chaos.random.integer(0, 1_000));
    const stream = chaos.random.integer(0, 1) === 1;
    const ending = await call(chaos, { stream, messages: say(`${mark} [[wait 60000]]`) }, { signal });
    return settle(chaos, ending, { hungUp: true });
  },

  async 'CLI killed in mid-answer'(chaos, mark) {
    const ending = await whileAnswering(chaos, mark, (pid) => send(pid, 'SIGKILL'));
    return settle(chaos, ending, { text: slowText, codes: ['provider_failed'] });
  },

  async 'CLI stopped for a while'(chaos, mark) {
    const ending = await whileAnswering(chaos, mark, async (pid) => {
      send(pid, 'SIGSTOP');
      await sleep(chaos.random.integer(200, 1_000));
      send(pid, 'SIGCONT');
    });
    return settle(chaos, ending, { text: slowText });
  },

  async 'CLI stopped for good and a hang-up'(chaos, mark) {
    const hangUp = new AbortController();
    const strike = async (pid: number) => {
      send(pid, 'SIGSTOP');
      await sleep(chaos.random.integer(0, 300));
      hangUp.abort();
    };
    const ending = await whileAnswering(chaos, mark, strike, { signal: hangUp.signal });
    return settle(chaos, ending, { text: slowText, hungUp: true });
  },

  async 'spare killed'(chaos, mark) {
    const spare = chaos.random.pick(chaos.sessions.unused(chaos.server.children));
    if (spare !== undefined) chaos.sparesKilled += 1;
    send(spare, 'SIGKILL');
    return settle(chaos, await call(chaos, { messages: say(`${mark} [[text Hello]]`) }), { text: 'Hello' });
  },

  async 'model API breaks off'(chaos, mark) {
    const stream = chaos.random.integer(0, 1) === 1;
    const ending = await call(chaos, { stream, messages: say(`${mark} [[text Half]] [[cut]]`) });
    assert.notEqual(ending.type, 'answer');
    return settle(chaos, ending, { codes: ['upstream_unavailable'] });
  },
};

const slowText = Array(60).fill('word').join(' ');

function call(chaos: Chaos, body: object, options?: CallOptions): Promise<Ending> {
  chaos.calls += 1;
  return callChat(chaos.server.url, { model, ...body }, options);
}

/** A slow answer, and what happens to its CLI process while it is made. */
async function whileAnswering(
  chaos: Chaos,
  mark: string,
  strike: (pid: number) => unknown,
  options?: CallOptions,
): Promise<Ending> {
  const stream = chaos.random.integer(0, 2) > 0;
  const delay = chaos.random.integer(0, 700);
  const over = new AbortController();
  const ending = call(chaos, { stream, messages: say(`${mark} ${slowAnswer}`) }, options).finally(() => over.abort());
  const pid = await chaos.sessions.answering(mark, over.signal);
  await sleep(delay);
  if (pid !== undefined) await strike(pid);
  return ending;
}

interface Allowed {
  /** What an answer has to say. */
  text?: string;
  /** The errors that it may end with. */
  codes?: readonly string[];
  hungUp?: boolean;
}

function settle(chaos: Chaos, ending: Ending, { text, codes = [], hungUp = false }: Allowed = {}): Ending {
  if (ending.type === 'answer') {
    if (text !== undefined) assert.equal(ending.text, text);
  } else if (ending.type === 'error' || ending.type === 'error-in-stream') {
    if (codes.includes(ending.code ?? '')) return ending;
    assert.equal(ending.code, 'provider_failed', JSON.stringify(ending));
    chaos.mishaps += 1;
  } else {
    assert.ok(hungUp && ending.type === 'hung-up', JSON.stringify(ending));
  }
  return ending;
}

function send(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamEvent } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { ask, openSession, type Probe, request, type Turn, turnTimeoutMs, userMessage } from './probe.ts';
import { readUpstream } from './read-upstream.ts';

/** Something that this server relies on in every CLI. */
export interface Behaviour {
  name: string;
  /** Says what was seen; throws an Error that says what is wrong. */
  run(probe: Probe): Promise<string>;
}

const weather: FunctionTool = {
  kind: 'function',
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const longestCutMs = 2_000;

/** All of them, to be run one after the other. */
export const behaviours: readonly Behaviour[] = [
  { name: 'an answer streams piece by piece', run: streams },
  { name: 'earlier messages reach the model in their roles', run: keepsRoles },
  { name: 'a tool call ends the turn, its result continues it', run: callsTools },
  { name: 'no tool but the caller’s is offered to the model', run: offersNoTool },
  { name: 'a path or a command in a prompt stays text', run: leavesPromptsAlone },
  { name: 'a caller who leaves ends the upstream request', run: stopsUpstream },
];

async function streams(probe: Probe): Promise<string> {
  const text = 'one two three four five six seven eight';
  const { completion, textAt } = await askAnew(probe, [userMessage(`[[slow 40]] [[text ${text}]]`)]);
  expectSame(textOf(completion.message), text, 'the answer');
  const spreadMs = Math.round((textAt.at(-1) ?? 0) - (textAt[0] ?? 0));
  if (textAt.length < 4 || spreadMs < 100) {
    throw new Error(`the answer came in ${textAt.length} pieces within ${spreadMs} ms, so the CLI holds it back`);
  }
  return `${textAt.length} pieces over ${spreadMs} ms`;
}

async function keepsRoles(probe: Probe): Promise<string> {
  const turns = [
    { role: 'user', text: 'First question' },
    { role: 'assistant', text: 'First answer' },
    { role: 'user', text: 'Second question' },
  ] as const;
  const messages = turns.map(({ role, text }): Message => ({ role, content: [{ type: 'text', text }] }));
  const { upstream } = await askAnew(probe, messages);
  expectSame(readUpstream(upstream).turns, turns, 'the conversation');
  return turns.map(({ role }) => role).join(', ');
}

async function callsTools(probe: Probe): Promise<string> {
  const tools = [weather];
  const messages = [userMessage('[[call get_weather {"city":"Paris"}]]')];
  await using session = await openSession(probe);
  const first = await ask(probe, session, { asked: request(probe, messages, { tools }) });
  const calls = first.completion.message.content.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
  const [call] = calls;
  expectSame(first.completion.reason, 'tool-calls', 'the end of the turn');
  if (calls.length !== 1 || call === undefined) throw new Error(`there are ${calls.length} calls instead of one`);
  expectSame([call.name, JSON.parse(call.arguments)], ['get_weather', { city: 'Paris' }], 'the call');

  messages.push(first.completion.message, {
    role: 'tool',
    callId: call.id,
    content: [{ type: 'text', text: 'sunny' }],
  });
  const second = await ask(probe, session, { asked: request(probe, messages, { tools }), known: 2 });
  expectSame(second.upstream.prompt.toolResults, ['sunny'], 'the result');
  expectSame(second.completion.reason, 'stop', 'the end of the answer');
  return 'called and continued';
}

async function offersNoTool(probe: Probe): Promise<string> {
  const none = await askAnew(probe, [userMessage('Hello')]);
  expectSame(readUpstream(none.upstream).toolNames, [], 'the tools of a request without tools');
  await using session = await openSession(probe);
  const one = await ask(probe, session, { asked: request(probe, [userMessage('Hello')], { tools: [weather] }) });
  const [name = '', ...others] = readUpstream(one.upstream).toolNames;
  if (!name.endsWith(weather.name) || others.length > 0) {
    throw new Error(`the tools of a request with one are ${[name, ...others].join(', ') || 'none'}`);
  }
  return 'none, and the caller’s own';
}

async function leavesPromptsAlone(probe: Probe): Promise<string> {
  for (const prompt of [`Read @${probe.secret.file} please`, '/help', '!ls', '#remember this']) {
    const { upstream } = await askAnew(probe, [userMessage(prompt)]);
    expectSame(upstream.prompt.text, prompt, 'the prompt');
    if (upstream.rawBody.includes(probe.secret.content)) throw new Error('the CLI sent a file that the prompt names');
  }
  return '@path, /command, !command and #note';
}

async function stopsUpstream(probe: Probe): Promise<string> {
  await using session = await openSession(probe);
  const caller = new AbortController();
  const asked = request(probe, [userMessage('[[text Working]] [[hang]]')]);
  const events = session.turn(
    asked,
    { known: 0 },
    AbortSignal.any([caller.signal, AbortSignal.timeout(turnTimeoutMs)]),
  );
  await untilText(events);
  const upstream = probe.simulator.lastRequest('[[hang]]');
  if (upstream === undefined) throw new Error('the prompt never reached the model');
  const leftAt = performance.now();
  caller.abort(new Error('left'));
  await events.next().catch(() => {});
  const cut = await Promise.race([upstream.closed, sleep(longestCutMs, undefined, { ref: false })]);
  if (cut === undefined) throw new Error(`the upstream request still runs after ${longestCutMs} ms`);
  return `cut after ${Math.max(0, Math.round(cut.at - leftAt))} ms`;
}

async function untilText(events: AsyncGenerator<StreamEvent>): Promise<void> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the answer ended instead of waiting');
    if (value.type === 'text-delta') return;
  }
}

async function askAnew(probe: Probe, messages: Message[]): Promise<Turn> {
  await using session = await openSession(probe);
  return await ask(probe, session, { asked: request(probe, messages) });
}

function textOf({ content }: Turn['completion']['message']): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function expectSame(seen: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what} should be ${b} and is ${a?.slice(0, 300)}`);
}

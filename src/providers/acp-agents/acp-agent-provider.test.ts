import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { recordedChildren } from '../../../test/support/processes.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { Workspace } from '../../process/workspace.ts';
import { Loopback } from '../../tool-bridge/loopback.ts';
import { AcpAgentProvider } from './acp-agent-provider.ts';
import { toEntry } from './entry.ts';

/** An agent of the oldest kind: models of their own, tools over stdio only, no figures. It says what it was told. */
const program = `
import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const say = (text) => send({ method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } } });
const answers = new Map();
const ask = (toolCall) => new Promise((resolve) => {
  answers.set('p', resolve);
  send({ id: 'p', method: 'session/request_permission', params: { sessionId: 's', toolCall, options: [
    { optionId: 'yes', kind: 'allow_once' }, { optionId: 'ever', kind: 'allow_always' }, { optionId: 'no', kind: 'reject_once' }] } });
});
let made, model = 'small';
if (process.argv[2] === 'noise') console.log('Welcome! Press enter to sign in.');
createInterface(process.stdin).on('line', async (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) return answers.get(id)(result);
  const reply = (result) => send({ id, result });
  if (method === 'initialize') return reply({ protocolVersion: 1, agentInfo: { name: 'fake', version: '1.2.3' }, agentCapabilities: {} });
  if (method === 'session/new') {
    if (process.argv[2] === 'login') return send({ id, error: { code: -32000, message: 'Authentication required' } });
    made = params;
    return reply({ sessionId: 's', models: { currentModelId: 'small', availableModels: [{ modelId: 'small', name: 'Small' }, { modelId: 'big' }] } });
  }
  if (method === 'session/set_model') { model = params.modelId; return reply({}); }
  if (method !== 'session/prompt') return;
  const text = params.prompt[0].text;
  if (text === 'die') process.exit(3);
  if (text === 'shell') say(JSON.stringify(await ask({ toolCallId: '1', title: 'rm -rf client_look', kind: 'execute' })));
  else if (text === 'tool') {
    send({ method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'tool_call', toolCallId: '2', title: 'client_look' } } });
    say(JSON.stringify(await ask({ toolCallId: '2' })));
  } else if (text === 'read') { answers.set('r', () => {}); send({ id: 'r', method: 'fs/read_text_file', params: { sessionId: 's', path: '/etc/passwd' } }); say('asked'); }
  else say(JSON.stringify({ model, made, own: process.env.OWN, theirs: process.env.THEIRS, directory: process.cwd() }));
  reply({ stopReason: 'end_turn' });
});
`;

describe('AcpAgentProvider', { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'acp-agents-'));
  const agent = join(directory, 'agent.mjs');
  writeFileSync(agent, program);
  const state = join(directory, 'state');
  const workspace = await Workspace.open(state);
  const loopback = new Loopback();
  const providers: AcpAgentProvider[] = [];
  after(async () => {
    await Promise.all(providers.map((provider) => provider[Symbol.asyncDispose]()));
    assert.deepEqual(recordedChildren(state), []);
    await loopback[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  function provide(words: string[] = [], command = process.execPath): AcpAgentProvider {
    const environment = { PATH: process.env.PATH, THEIRS: 'secret' };
    const entry = toEntry({ id: 'fake', command: [command, agent, ...words], env: { OWN: 'mine' } }, environment);
    const provider = new AcpAgentProvider({ entry, environment, workspace, loopback });
    providers.push(provider);
    return provider;
  }
  const look = (provider: AcpAgentProvider) => provider.inspect(AbortSignal.timeout(30_000));
  const open = (provider: AcpAgentProvider) =>
    provider.open({ account: 'default', web: false }, AbortSignal.timeout(30_000));
  const request = (text: string, more: Partial<GenerateRequest> = {}): GenerateRequest => {
    return { model: 'fake', messages: [{ role: 'user', content: [{ type: 'text', text }] }], tools: [], ...more };
  };
  const tools = [{ kind: 'function' as const, name: 'look', parameters: {} }];

  async function ask(provider: AcpAgentProvider, asked: GenerateRequest) {
    await using session = await open(provider);
    const events: StreamEvent[] = [];
    for await (const event of session.turn(asked, { known: 0 }, AbortSignal.timeout(30_000))) events.push(event);
    const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
    return { text, finish: events.at(-1) };
  }

  it('tells what the agent is, and which models it has', async () => {
    const provider = provide();
    const { state, version, models } = await look(provider);
    assert.deepEqual([state, version], ['ready', '1.2.3']);
    assert.deepEqual(
      models.map(({ id, aliases, title, inputs }) => [id, aliases, title, inputs.images]),
      [
        ['fake/small', ['fake'], 'Small (fake)', false],
        ['fake/big', [], 'big (fake)', false],
      ],
    );
    assert.equal(provider.model('fake')?.id, 'fake/small');
    assert.equal(provider.model('other/small'), undefined);
  });

  it('tells one that is missing, none at all, or not signed in', async () => {
    const missing = await look(provide([], 'no-such-agent'));
    assert.equal(missing.state, 'missing');
    const noisy = await look(provide(['noise']));
    assert.equal(noisy.state, 'failed');
    const signedOut = await look(provide(['login']));
    assert.equal(signedOut.state, 'signed-out');
    for (const { advice } of [missing, noisy, signedOut]) assert.match(advice ?? '', /^[A-Za-z].*\.$/);
  });

  it('gives it a directory of its own, its own variables, and none of the others', async () => {
    const provider = provide();
    await look(provider);
    const { text, finish } = await ask(provider, request('tell'));
    const told = JSON.parse(text);
    assert.deepEqual([told.model, told.own, told.theirs], ['small', 'mine', undefined]);
    assert.deepEqual(told.made.mcpServers, []);
    assert.notEqual(told.made.cwd, told.directory);
    assert.deepEqual(finish, { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } });
  });

  it('chooses the model, and shows tools in the form that it knows', async () => {
    const provider = provide();
    await look(provider);
    const { text } = await ask(provider, request('tell', { model: 'fake/big', tools }));
    const { model, made } = JSON.parse(text);
    assert.equal(model, 'big');
    const [{ name, command, args, env }] = made.mcpServers;
    assert.deepEqual([name, command, args.length], ['client', process.execPath, 1]);
    assert.match(env[0].value, /^http:\/\/127\.0\.0\.1:/);
  });

  it('allows the caller’s tools, once, and nothing else', async () => {
    const provider = provide();
    await look(provider);
    const told = async (text: string) => JSON.parse((await ask(provider, request(text, { tools }))).text);
    assert.deepEqual(await told('tool'), { outcome: { outcome: 'selected', optionId: 'yes' } });
    assert.deepEqual(await told('shell'), { outcome: { outcome: 'selected', optionId: 'no' } });
    assert.equal((await ask(provider, request('read'))).text, 'asked');
  });

  it('starts another when one has died, also where a session was made ahead in it', async () => {
    const provider = provide();
    await look(provider);
    await using spare = await open(provider);
    await assert.rejects(ask(provider, request('die')), { kind: 'provider-failed' });
    const events: StreamEvent[] = [];
    for await (const event of spare.turn(request('tell'), { known: 0 }, AbortSignal.timeout(30_000)))
      events.push(event);
    assert.equal(events.at(-1)?.type, 'finish');
  });

  it('refuses tools where the operator says so', async () => {
    const environment = { PATH: process.env.PATH };
    const entry = toEntry({ id: 'fake', command: [process.execPath, agent], tools: false }, environment);
    const provider = new AcpAgentProvider({ entry, environment, workspace, loopback });
    providers.push(provider);
    await look(provider);
    await assert.rejects(ask(provider, request('tell', { tools })), { kind: 'unsupported-parameter' });
  });

  it('leaves no directory of a session that has ended', async () => {
    const provider = provide();
    await look(provider);
    const folders = () => readdirSync(workspaceFolder(), { recursive: true });
    const { text } = await ask(provider, request('tell'));
    const { made } = JSON.parse(text);
    assert.equal(
      folders().some((name) => made.cwd.endsWith(String(name))),
      false,
    );
  });

  /** Where the directories of children are. */
  function workspaceFolder(): string {
    const probe = workspace.createDirectory();
    workspace.removeDirectory(probe);
    return join(probe, '..');
  }
});

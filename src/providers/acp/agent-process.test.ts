import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAlive } from '../../../test/support/processes.ts';
import { AgentStage } from '../../../test/support/stand-in-agent.ts';
import { JsonRpcSilence } from '../../process/json-rpc.ts';
import { type AgentProcess, LoginNoise } from './agent-process.ts';
import { type SessionResult, textOf } from './wire.ts';

async function newSession(agent: AgentProcess): Promise<string> {
  const made = (await agent.request('session/new', { cwd: '/', mcpServers: [] })) as SessionResult;
  return made.sessionId ?? '';
}

async function prompt(agent: AgentProcess, sessionId: string, text: string): Promise<unknown> {
  return agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
}

describe('AgentProcess', { timeout: 60_000 }, () => {
  it('is ready when it has said what it can do', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    assert.equal((await agent.ready).protocolVersion, 1);
    assert.equal(agent.alive, true);
  });

  it('takes other words before that for a wish to be signed in, and stops', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start({ environment: { NOISE: 'Open https://example.com/login' } });
    await assert.rejects(agent.ready, LoginNoise);
    await agent.exited;
    assert.match(agent.errorTail, /example\.com/);
  });

  it('does not wait for ever', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start({ environment: { SILENT: '1' }, startTimeoutMs: 200 });
    await assert.rejects(agent.ready, JsonRpcSilence);
    await agent.exited;
  });

  it('tells each session’s owner what concerns it, and nobody else', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    const ids = await Promise.all(['one', 'two'].map(() => newSession(agent)));
    const heard = new Map<string, string[]>(ids.map((id) => [id, []]));
    const stops = ids.map((id) =>
      agent.listen(id, { onUpdate: (update) => heard.get(id)?.push(textOf(update) ?? ''), allows: () => false }),
    );
    await Promise.all(ids.map((id) => prompt(agent, id, `say I am ${id}`)));
    for (const id of ids) assert.deepEqual(heard.get(id), [`I am ${id}`]);
    stops[0]?.();
    await prompt(agent, ids[0] ?? '', 'say again');
    assert.equal(heard.get(ids[0] ?? '')?.length, 1);
  });

  it('gives leave only where the owner does, and only this once', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    const id = await newSession(agent);
    const said: (string | undefined)[] = [];
    const listener = { onUpdate: (update: Parameters<typeof textOf>[0]) => said.push(textOf(update)) };
    const stop = agent.listen(id, { ...listener, allows: ({ title }) => title === 'mine' });
    await prompt(agent, id, 'ask mine\nask yours');
    stop();
    agent.listen(id, { ...listener, allows: () => false });
    await prompt(agent, id, 'ask mine');
    assert.deepEqual(said, ['the-allow_once', 'the-reject_once', 'the-reject_once']);
  });

  it('makes one session at a time', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    const make = () => agent.exclusively(() => agent.request('session/new', {}));
    const made = (await Promise.all([make(), make(), make()])) as { atOnce: number }[];
    assert.deepEqual(
      made.map(({ atOnce }) => atOnce),
      [1, 1, 1],
    );
  });

  it('goes on making sessions after one that failed', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    await assert.rejects(agent.exclusively(() => Promise.reject(new Error('no'))));
    assert.equal(await agent.exclusively(() => Promise.resolve('yes')), 'yes');
  });

  it('fails what is asked of it when it dies', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    const id = await newSession(agent);
    await assert.rejects(prompt(agent, id, 'leave'), JsonRpcSilence);
    assert.match(await agent.exited, /3/);
    await assert.rejects(agent.request('session/new', {}), JsonRpcSilence);
    await assert.rejects(
      agent.exclusively(() => Promise.resolve()),
      JsonRpcSilence,
    );
  });

  it('leaves when told to, although the end of its input is not enough for it', async () => {
    await using stage = new AgentStage();
    const agent = await stage.start();
    await agent.ready;
    await agent.end();
    assert.equal(isAlive(agent.pid ?? 0), false);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PrivateHome } from '../../../test/support/private-home.ts';
import { Workspace } from '../../process/workspace.ts';
import { Loopback } from '../../tool-bridge/loopback.ts';
import type { ProviderStatus } from '../provider.ts';
import { QwenProvider } from './qwen.ts';

const login = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'qwen3-max' };

/** What is found of a package of this version whose program is this script; none without a version. */
async function inspect(options: {
  version?: string;
  script?: string;
  environment?: Record<string, string>;
}): Promise<ProviderStatus> {
  await using home = new PrivateHome();
  await using workspace = await home.within(() => Workspace.open(home.state));
  await using loopback = new Loopback();
  const folder = join(home.home, 'package');
  const { version, script = '', environment } = options;
  mkdirSync(folder);
  if (version !== undefined) {
    const manifest = { name: '@qwen-code/qwen-code', version, type: 'module', engines: { node: '>=18' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'cli.js'), script);
    writeFileSync(join(folder, 'cli-entry.js'), '#!/usr/bin/env node\n', { mode: 0o755 });
  }
  await using provider = new QwenProvider({
    id: 'qwen',
    title: 'Qwen Code',
    prefix: 'qwen',
    ownedBy: 'qwen',
    command: join(folder, 'cli-entry.js'),
    environment: { ...home.environment, ...environment },
    workspace,
    loopback,
    timeoutMs: 10_000,
  });
  return await provider.inspect(AbortSignal.timeout(30_000));
}

/** A program that shakes hands, answers every other request like this, and says what it says for a new session. */
const agent = (answer: object) => `
  import { createInterface } from 'node:readline';
  const write = (line) => console.log(JSON.stringify({ jsonrpc: '2.0', ...line }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    write({ id, ...(method === 'initialize' ? { result: { protocolVersion: 1 } } : ${JSON.stringify(answer)}) });
    const update = { sessionUpdate: 'available_commands_update' };
    write({ method: 'session/update', params: { sessionId: params.sessionId, update } });
  }`;

describe('QwenProvider', () => {
  it('says that the CLI is missing', async () => {
    const { state, advice } = await inspect({ environment: login });
    assert.equal(state, 'missing');
    assert.match(advice ?? '', /npm install -g @qwen-code\/qwen-code/);
  });

  it('says that the CLI is too old', async () => {
    const { state, version } = await inspect({ version: '0.1.0', environment: login });
    assert.deepEqual([state, version], ['outdated', '0.1.0']);
  });

  it('says that no login was found, without starting the CLI', async () => {
    const { state, advice } = await inspect({ version: '99.0.0', script: 'process.exit(1)' });
    assert.equal(state, 'signed-out');
    assert.match(advice ?? '', /OPENAI_API_KEY/);
  });

  it('says that the CLI itself finds no login', async () => {
    const refusal = {
      error: { code: -32_000, message: 'Authentication required: Use Qwen Code CLI to authenticate.' },
    };
    assert.equal(
      (await inspect({ version: '99.0.0', script: agent(refusal), environment: login })).state,
      'signed-out',
    );
  });

  it('says that the CLI does not start', async () => {
    const { state } = await inspect({ version: '99.0.0', script: 'process.exit(1)', environment: login });
    assert.equal(state, 'failed');
  });

  it('says whose bill it is, and which models there are', async () => {
    const models = {
      currentModelId: 'qwen3-max(openai)',
      availableModels: [{ modelId: 'qwen3-max(openai)', name: 'Max' }],
    };
    const status = await inspect({ version: '99.0.0', script: agent({ result: { models } }), environment: login });
    assert.equal(status.state, 'ready');
    assert.deepEqual(status.login, { method: 'openai', payer: 'the key in OPENAI_API_KEY at 127.0.0.1:9' });
    assert.deepEqual(
      status.models.map(({ id, aliases }) => [id, aliases]),
      [['qwen3-max', ['qwen', 'qwen-auto']]],
    );
  });
});

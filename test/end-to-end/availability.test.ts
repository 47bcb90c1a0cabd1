import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import { claudeCli, skipWithoutClaude } from '../support/claude-cli.ts';
import { eventually } from '../support/eventually.ts';
import { usualModel as model, SimulatedServer } from '../support/simulated-server.ts';

const request = { model, messages: [{ role: 'user' as const, content: '[[text Here I am]]' }] };

/** A server whose CLI is a file that the test puts there. */
async function startWith(script: string | undefined, environment: Record<string, string> = {}) {
  const server = await SimulatedServer.start({
    environment: ({ directory }) => ({ CLAUDE_CLI_PATH: join(directory, 'bin', 'claude'), ...environment }),
    prepare: ({ directory }) => {
      mkdirSync(join(directory, 'bin'));
      if (script !== undefined) write(join(directory, 'bin', 'claude'), script);
    },
  });
  return { server, file: join(server.home.directory, 'bin', 'claude') };
}

function write(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function refusal(server: SimulatedServer): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await server
    .client()
    .chat.completions.create(request)
    .then(
      () => assert.fail('it went well'),
      (thrown) => thrown,
    );
  assert.ok(error instanceof OpenAI.APIError, String(error));
  return error;
}

/** The same server, some seconds after the CLI came to be what it should. */
async function recovers(server: SimulatedServer): Promise<void> {
  await eventually('an answer', async () => {
    const { choices } = await server.client().chat.completions.create(request);
    return choices[0]?.message.content === 'Here I am';
  });
}

describe('a CLI that cannot answer', { skip: skipWithoutClaude, timeout: 120_000 }, () => {
  it('is missing, and comes', async () => {
    const { server, file } = await startWith(undefined);
    await using _ = server;
    const error = await refusal(server);
    assert.deepEqual([error.status, error.code], [503, 'provider_missing']);
    assert.match(error.message, /npm install -g @anthropic-ai\/claude-code/);
    assert.equal(error.headers?.get('x-should-retry'), 'false');
    assert.deepEqual((await server.client().models.list()).data, []);
    symlinkSync(claudeCli, file);
    await recovers(server);
    assert.ok((await server.client().models.list()).data.length > 0);
  });

  it('is too old, and is updated', async () => {
    const { server, file } = await startWith('echo "1.0.0 (Claude Code)"');
    await using _ = server;
    const error = await refusal(server);
    assert.deepEqual([error.status, error.code], [503, 'provider_outdated']);
    assert.match(error.message, /1\.0\.0.*claude update/);
    unlinkSync(file);
    symlinkSync(claudeCli, file);
    await recovers(server);
  });

  it('is signed out, and signs in', async () => {
    const server = await SimulatedServer.start({ environment: { ANTHROPIC_API_KEY: '' } });
    await using _ = server;
    const error = await refusal(server);
    assert.deepEqual([error.status, error.code], [503, 'provider_signed_out']);
    assert.match(error.message, /claude auth login/);
    assert.match(JSON.stringify(await (await fetch(`${server.url}/health`)).json()), /signed-out/);
    const until = Date.now() + 3_600_000;
    const claudeAiOauth = {
      accessToken: 'sk-ant-oat01-simulated',
      refreshToken: 'sk-ant-ort01-simulated',
      expiresAt: until,
      scopes: ['user:inference', 'user:profile'],
      subscriptionType: 'max',
    };
    writeFileSync(join(server.home.config, '.credentials.json'), JSON.stringify({ claudeAiOauth }), { mode: 0o600 });
    await recovers(server);
  });

  it('prints what nobody understands', async () => {
    const noise =
      'echo "{not json"; echo \'{"type":"unheard-of"}\'; echo "\\033[31mWARN\\033[0m"; head -c 300000 /dev/zero | tr "\\0" x; echo;';
    const { server } = await startWith(`case "$*" in *stream-json*) ${noise} ;; esac\nexec "${claudeCli}" "$@"`);
    await using _ = server;
    await recovers(server);
  });

  it('ends as soon as it is started, and is mended', async () => {
    const probe = `case "$*" in *--version*|*auth*) exec "${claudeCli}" "$@" ;; esac`;
    const { server, file } = await startWith(`${probe}\necho "{garbage"; exit 3`);
    await using _ = server;
    const error = await refusal(server);
    assert.deepEqual([error.status, error.code], [502, 'provider_failed']);
    assert.doesNotMatch(error.message, /exit|code 3|\//);
    unlinkSync(file);
    symlinkSync(claudeCli, file);
    await recovers(server);
  });
});

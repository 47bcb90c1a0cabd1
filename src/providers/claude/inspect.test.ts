import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspectClaude, minimumVersion } from './inspect.ts';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'inspect-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** A program that answers the two questions like the CLI does. */
function program(answers: { version?: string; auth?: string; exit?: number }): string {
  const { version = '2.1.330 (Claude Code)', auth = '', exit = 0 } = answers;
  const file = join(directory, `claude-${Math.random()}`);
  const script = `#!/bin/sh
case "$*" in
  --version) echo '${version}' ;;
  'auth status --json') echo '${auth}'; exit ${exit} ;;
  *) exit 9 ;;
esac`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

const inspect = (file: string, environment: Record<string, string> = {}) =>
  inspectClaude(file, { PATH: process.env.PATH ?? '', ...environment }, AbortSignal.timeout(30_000));

async function payer(auth: object, environment: Record<string, string> = {}): Promise<string | undefined> {
  const status = await inspect(program({ auth: JSON.stringify({ loggedIn: true, ...auth }) }), environment);
  assert.equal(status.state, 'ready');
  assert.equal(status.version, '2.1.330');
  return status.login?.payer;
}

describe('inspectClaude', { timeout: 60_000 }, () => {
  it('says who pays', async () => {
    assert.match((await payer({ authMethod: 'claude.ai', subscriptionType: 'max' })) ?? '', /Claude max subscription/);
    assert.match((await payer({ authMethod: 'claude.ai' })) ?? '', /Claude login/);
    assert.match((await payer({ authMethod: 'api_key' }, { ANTHROPIC_API_KEY: 'x' })) ?? '', /ANTHROPIC_API_KEY/);
    assert.doesNotMatch((await payer({ authMethod: 'api_key' })) ?? '', /ANTHROPIC_API_KEY/);
    assert.match((await payer({ authMethod: 'oauth_token' })) ?? '', /CLAUDE_CODE_OAUTH_TOKEN/);
    assert.match(
      (await payer({ authMethod: 'oauth_token' }, { ANTHROPIC_AUTH_TOKEN: 'x' })) ?? '',
      /ANTHROPIC_AUTH_TOKEN/,
    );
    assert.match((await payer({ authMethod: 'third_party', apiProvider: 'bedrock' })) ?? '', /bedrock/);
  });

  it('says who is signed out, and how to sign in', async () => {
    const status = await inspect(program({ auth: '{"loggedIn":false,"authMethod":"none"}', exit: 1 }));
    assert.equal(status.state, 'signed-out');
    assert.match(status.advice ?? '', /claude auth login/);
    assert.equal(status.login, undefined);
  });

  it('says what is too old', async () => {
    for (const version of ['2.1.247 (Claude Code)', '1.9.999', 'no version']) {
      const status = await inspect(program({ version, auth: '{"loggedIn":true}' }));
      assert.equal(status.state, 'outdated', version);
      assert.match(status.advice ?? '', /claude update/);
    }
    const oldest = await inspect(program({ version: minimumVersion, auth: '{"loggedIn":true}' }));
    assert.equal(oldest.state, 'ready');
  });

  it('says what does not start, or does not answer', async () => {
    assert.equal((await inspect(join(directory, 'missing'))).state, 'failed');
    const broken = program({});
    writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    assert.equal((await inspect(broken)).state, 'failed');
    const mute = await inspect(program({ auth: 'Something went wrong', exit: 1 }));
    assert.equal(mute.state, 'failed', 'nobody said that it is signed out');
    assert.equal(mute.version, '2.1.330');
  });
});

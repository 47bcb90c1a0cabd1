import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspectCodex, minimumVersion, missingAdvice } from './inspect.ts';
import { readEndpoint } from './settings.ts';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'inspect-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** A program that answers the two questions like the CLI does: on standard error, with warnings before. */
function program({ version = `codex-cli ${minimumVersion}`, login = '', exit = 0 } = {}): string {
  const file = join(directory, `codex-${Math.random()}`);
  const script = `#!/bin/sh
echo 'WARNING: proceeding' >&2
case "$1 $2" in
  '--version '*) echo '${version}' ;;
  'login status') echo '${login}' >&2; exit ${exit} ;;
  *) exit 9 ;;
esac`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

const inspect = (file: string, variables: Record<string, string> = {}) =>
  inspectCodex(file, readEndpoint(variables), {
    environment: { PATH: process.env.PATH ?? '' },
    signal: new AbortController().signal,
    timeoutMs: 30_000,
  });

describe('inspectCodex', { timeout: 60_000 }, () => {
  it('says who pays', async () => {
    const payer = async (login: string) => (await inspect(program({ login }))).login?.payer ?? '';
    assert.match(await payer('Logged in using ChatGPT'), /ChatGPT plan/);
    const key = await payer('API key configured - sk-fake-***23456');
    assert.match(key, /OpenAI API key/);
    assert.doesNotMatch(key, /sk-fake/);
    assert.match(await payer('Logged in somehow'), /Codex login/);
  });

  it('asks for no login where a key or an address is given', async () => {
    const signedOut = program({ login: 'Not logged in', exit: 1 });
    const withKey = await inspect(signedOut, { CODEX_API_KEY: 'k' });
    assert.equal(withKey.state, 'ready');
    assert.match(withKey.login?.payer ?? '', /CODEX_API_KEY/);
    const local = await inspect(signedOut, { CODEX_BASE_URL: 'http://127.0.0.1:1/v1' });
    assert.equal(local.state, 'ready');
    assert.match(local.login?.payer ?? '', /CODEX_BASE_URL/);
  });

  it('says who is signed out, and how to sign in', async () => {
    const status = await inspect(program({ login: 'Not logged in', exit: 1 }));
    assert.equal(status.state, 'signed-out');
    assert.match(status.advice ?? '', /clis-wrapper login codex.*CODEX_API_KEY/);
    assert.equal(status.version, minimumVersion);
  });

  it('says what is too old', async () => {
    for (const version of ['codex-cli 0.99.0', 'no version']) {
      const status = await inspect(program({ version }));
      assert.equal(status.state, 'outdated', version);
      assert.match(status.advice ?? '', /npm install -g @openai\/codex/);
    }
    assert.equal((await inspect(program({ version: 'codex-cli 1.0.0' }))).state, 'ready');
  });

  it('says what does not start', async () => {
    assert.equal((await inspect(join(directory, 'missing'))).state, 'failed');
  });
});

describe('missingAdvice', () => {
  it('says how to install, or which setting is wrong, and no path', () => {
    assert.match(missingAdvice('codex'), /npm install -g @openai\/codex.*set CODEX_CLI_PATH/);
    const advice = missingAdvice('/home/someone/codex');
    assert.match(advice, /correct CODEX_CLI_PATH/);
    assert.doesNotMatch(advice, /someone/);
  });
});

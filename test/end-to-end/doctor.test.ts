import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Check } from '../../src/commands/doctor/check.ts';
import { claudeCli, skipWithoutClaude } from '../support/claude-cli.ts';
import { PrivateHome } from '../support/private-home.ts';
import { runCli } from '../support/run-cli.ts';
import { othersEnvironment } from '../support/simulated-server.ts';

interface Report {
  ok: boolean;
  providers: { state: string; version: string; versions: object; models: { id: string }[]; behaviours: Check[] }[];
  checks: Check[];
}

async function doctor(words: string[], environment: Record<string, string> = {}) {
  await using home = new PrivateHome();
  const { code, output, errors } = await runCli(home, ['doctor', '--json', ...words], environment);
  assert.equal(errors, '');
  return { code, report: JSON.parse(output) as Report };
}

describe('clis-wrapper doctor', { timeout: 300_000, skip: skipWithoutClaude }, () => {
  it('finds everything we rely on in the real CLI, signed in or not', async () => {
    const { code, report } = await doctor([], { CLAUDE_CLI_PATH: claudeCli });
    const [provider] = report.providers;
    assert.deepEqual([code, report.ok, provider?.state], [1, false, 'signed-out']);
    const behaviours = provider?.behaviours ?? [];
    assert.ok(behaviours.length >= 7);
    assert.deepEqual(
      behaviours.filter(({ ok }) => !ok),
      [],
    );
  });

  it('finds everything in the other CLIs too, and is content when all are well', async () => {
    const { code, report } = await doctor([], {
      CLAUDE_CLI_PATH: claudeCli,
      ANTHROPIC_API_KEY: 'sk-ant-simulated',
      // Nobody is there: what is tried talks to a model API of its own.
      ...othersEnvironment('http://127.0.0.1:9'),
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1',
    });
    assert.deepEqual(
      report.providers.map(({ state }) => state),
      ['ready', 'ready', 'ready', 'ready'],
    );
    for (const { behaviours } of report.providers) {
      assert.ok(behaviours.length >= 7);
      assert.deepEqual(
        behaviours.filter(({ ok }) => !ok),
        [],
      );
    }
    assert.deepEqual([code, report.ok], [0, true]);
  });

  it('finds a CLI that takes a path in a prompt for a file to send', async () => {
    await using home = new PrivateHome();
    const broken = join(home.directory, 'broken-cli');
    // Both locks taken off: the environment's, and the mark that every message carries.
    writeFileSync(
      broken,
      `#!/bin/sh
      unset CLAUDE_CODE_DISABLE_ATTACHMENTS
      case "$*" in
        *--print*) sed -u 's/"client_composed":true,//' | exec '${claudeCli}' "$@" ;;
        *) exec '${claudeCli}' "$@" ;;
      esac\n`,
    );
    chmodSync(broken, 0o755);
    const { code, output } = await runCli(home, ['doctor'], { CLAUDE_CLI_PATH: broken });
    assert.equal(code, 1);
    assert.match(output, /FAILED.*a path or a command in a prompt stays text: .+/);
    assert.match(output, /ok .*piece by piece/);
  });
});

describe('clis-wrapper models', { timeout: 300_000, skip: skipWithoutClaude }, () => {
  it('says why there are none while nobody is signed in', async () => {
    await using home = new PrivateHome();
    const { code, output, errors } = await runCli(home, ['models'], { CLAUDE_CLI_PATH: claudeCli });
    assert.deepEqual([code, output], [1, '']);
    assert.match(errors, /not signed in/);
  });
});

describe('clis-wrapper doctor --server', { timeout: 300_000 }, () => {
  const list = { object: 'list', data: [{ id: 'first', object: 'model' }] };
  const whole = {
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'ready' }, finish_reason: 'stop' }],
  };
  const chunk = (content: string) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`;

  /** The report on somebody else's server, which knows one model and has no /health. */
  async function against(words: string[], options: { key?: string; stream?: string; whole?: object } = {}) {
    const answer: RequestListener = async (request, response) => {
      const json = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
      const body = JSON.parse((await Array.fromAsync(request)).join('') || '{}');
      if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
        return json(401, { error: { message: 'no' } });
      }
      if (request.url === '/v1/models') return json(200, list);
      if (request.url !== '/v1/chat/completions') return json(404, { error: { message: 'nothing here' } });
      if (body.model !== 'first') return json(404, { error: { message: 'no such model' } });
      if (!body.stream) return json(200, options.whole ?? whole);
      return response.end(options.stream ?? `: hello\n\n${chunk('rea')}${chunk('dy')}data: [DONE]\n\n`);
    };
    await using server = createServer(answer).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, report } = await doctor(['--server', `http://127.0.0.1:${port}/v1/`, ...words]);
    server.closeAllConnections();
    const failed = report.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
    return { code, failed, checks: report.checks };
  }

  it('is content with any server that speaks chat completions', async () => {
    const { code, failed, checks } = await against([]);
    assert.deepEqual([code, failed], [0, []]);
    assert.match(checks.map(({ detail }) => detail).join('\n'), /"ready" in 2 pieces/);
  });

  it('says that a key is needed, or that it is the wrong one', async () => {
    const without = await against([], { key: 'right' });
    assert.equal(without.code, 1);
    assert.match(without.failed.join('\n'), /GET \/v1\/models: 401: a key is needed: say it with --key/);
    assert.match((await against(['--key', 'wrong'], { key: 'right' })).failed.join('\n'), /not accepted/);
    assert.deepEqual((await against(['--key', 'right'], { key: 'right' })).failed, []);
  });

  it('says what is not in shape', async () => {
    const { code, failed } = await against([], { stream: chunk('ready'), whole: { ...whole, choices: [] } });
    assert.equal(code, 1);
    assert.match(failed.join('\n'), /a whole answer: not in OpenAI's shape: choices/);
    assert.match(failed.join('\n'), /a streamed answer: the stream ends without "data: \[DONE\]"/);
  });

  it('says what the server says of a model', async () => {
    const { failed } = await against(['--model', 'third']);
    assert.match(failed.join('\n'), /a whole answer: 404: no such model/);
  });

  it('says that nobody is there', async () => {
    const { code, report } = await doctor(['--server', 'http://127.0.0.1:9']);
    assert.equal(code, 1);
    assert.match(report.checks[0]?.detail ?? '', /does not answer/);
  });
});

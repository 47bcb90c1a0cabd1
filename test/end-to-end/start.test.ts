import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipWithoutClaude } from '../support/claude-cli.ts';
import { eventually } from '../support/eventually.ts';
import { PrivateHome } from '../support/private-home.ts';

const program = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const startTimeoutMs = 60_000;

interface Line {
  level: number;
  msg: string;
  url?: string;
  outcome?: string;
  usage?: object;
  costUsd?: number;
}

const [info, warn] = [30, 40];

/** A running `clis-wrapper start`, with no CLI but the demo's. */
class Started implements AsyncDisposable {
  readonly exited: Promise<unknown[]>;
  #process;
  #output = '';

  constructor(home: PrivateHome, words: readonly string[], environment: Record<string, string> = {}) {
    this.#process = spawn(process.execPath, [program, 'start', ...words], {
      cwd: home.directory,
      env: { ...home.environment, CLAUDE_CLI_PATH: join(home.directory, 'none'), PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text) => {
      this.#output += text;
    });
    this.exited = once(this.#process, 'close');
  }

  /** Everything it has said. */
  get lines(): Line[] {
    return this.#output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** The line that matches, once it has been said. */
  said(pattern: RegExp): Promise<string> {
    const look = () => this.lines.find(({ msg }) => pattern.test(msg))?.msg;
    return eventually(`it says ${pattern}`, look, startTimeoutMs);
  }

  /** The log line of the request with this outcome, once it is there. */
  logged(outcome: string): Promise<Line> {
    return eventually(`a request is logged as ${outcome}`, () => this.lines.find((line) => line.outcome === outcome));
  }

  /** The address of its API, once it listens. */
  async url(): Promise<string> {
    await this.said(/^Listening on/);
    return this.lines.find(({ url }) => url !== undefined)?.url ?? '';
  }

  async ask(prompt: string): Promise<Response> {
    const messages = [{ role: 'user', content: prompt }];
    return fetch(`${await this.url()}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo-claude', stream: true, messages }),
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.exited;
  }
}

describe('clis-wrapper start', { timeout: 300_000 }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`listens without a question, and ends on ${signal} with exit code 0 and nothing left`, async () => {
      await using home = new PrivateHome();
      await using server = new Started(home, []);
      const health = await fetch(new URL('/health', await server.url()));
      assert.match(await health.text(), /"status":"healthy"/);
      await server.said(/not found: install it/);
      server.kill(signal);
      assert.deepEqual(await server.exited, [0, null]);
      assert.ok(!server.lines.some(({ msg }) => msg.includes('(y/N)')));
    });
  }

  it('says that the port is taken and takes the next one, the one on the command line before PORT', async () => {
    await using home = new PrivateHome();
    await using other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await using server = new Started(home, [String(port)], { PORT: '1' });
    const url = new URL(await server.url());
    assert.ok(Number(url.port) > port);
    await server.said(new RegExp(`^Port ${port} is taken, so it is port ${url.port} this time`));
    server.kill('SIGTERM');
    assert.deepEqual(await server.exited, [0, null]);
  });

  it('needs the key that is set', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, [], { API_KEY: 'a-key-of-mine' });
    const models = `${await server.url()}/models`;
    assert.equal((await fetch(models)).status, 401);
    assert.equal((await fetch(models, { headers: { authorization: 'Bearer a-key-of-mine' } })).status, 200);
    await server.said(/^Callers need the API key/);
    assert.ok(!JSON.stringify(server.lines).includes('a-key-of-mine'));
    server.kill('SIGTERM');
    await server.exited;
  });
});

describe('what clis-wrapper start says aloud', { timeout: 300_000 }, () => {
  const warnings = (server: Started) => server.lines.filter(({ level }) => level === warn).map(({ msg }) => msg);

  it('a CLI that is not there: once, as a warning', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, []);
    await server.said(/^No CLI of yours is ready/);
    // A request for it looks again, and finds nothing new.
    const body = JSON.stringify({ model: 'claude', messages: [{ role: 'user', content: 'Hello' }] });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${await server.url()}/chat/completions`, { method: 'POST', headers, body });
    assert.equal(response.status, 503);
    await response.text();
    assert.equal(
      warnings(server).filter((sentence) => /^Claude Code was not found: install it/.test(sentence)).length,
      1,
    );
    server.kill('SIGTERM');
    assert.deepEqual(await server.exited, [0, null]);
    assert.ok(!server.lines.some(({ level, msg }) => level <= info && /not found/.test(msg)));
  });

  it('that others can connect, where, and that nobody asks them for a key', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, [], { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' });
    await server.said(/^Listening on http:\/\/127\.0\.0\.1:/);
    const sentence = await server.said(/^Other machines can connect/);
    assert.ok(warnings(server).includes(sentence));
    assert.match(sentence, /no API key: anybody who reaches this machine can spend your subscription/);
    const addresses = sentence.match(/http:\/\/[^\s,]+\/v1/g) ?? [];
    assert.ok(addresses.length > 0);
    for (const address of addresses) assert.equal((await fetch(`${address}/models`)).status, 200);
    server.kill('SIGTERM');
    await server.exited;
  });

  it('that a key is short, without showing it', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, [], { API_KEY: 'kk7-kk7' });
    await server.said(/^API_KEY holds a key that can be guessed/);
    const wrong = await fetch(`${await server.url()}/kk7-kk7`, { headers: { authorization: 'Bearer kk7-kk7' } });
    assert.equal(wrong.status, 404);
    await server.logged('not-found');
    assert.doesNotMatch(JSON.stringify(server.lines), /kk7-kk7/);
    server.kill('SIGTERM');
    await server.exited;
  });
});

describe('clis-wrapper start demo', { timeout: 300_000, skip: skipWithoutClaude }, () => {
  it('serves labelled models that can be tried with the call it shows', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, ['demo']);
    await server.said(/scripted answers: no real model speaks/);
    for (const [call, answer] of [
      [/^curl .*\[\[text Hello/, /"content":"Hello!"/],
      [/^curl .*\[\[call get_weather/, /"tool_calls":\[.*"name":"get_weather"/],
    ] as const) {
      const [, address = '', body = ''] = /^curl (\S+) .* -d '(.*)'$/.exec(await server.said(call)) ?? [];
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(address, { method: 'POST', headers, body });
      assert.match(await response.text(), answer);
    }
    const list = await fetch(`${await server.url()}/models`);
    const { data } = JSON.parse(await list.text());
    assert.ok(data.length > 0);
    for (const { id, owned_by } of data) {
      assert.match(id, /^demo-/);
      assert.equal(owned_by, 'clis-wrapper-simulator');
    }
    server.kill('SIGTERM');
    assert.deepEqual(await server.exited, [0, null]);
  });

  it('reckons no cost, and blames no login for an error that a prompt asks for', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, ['demo']);
    await (await server.ask('[[text Hello]]')).text();
    const { usage, costUsd } = await server.logged('ok');
    assert.ok(usage);
    assert.equal(costUsd, undefined);
    const refused = await server.ask('[[status 401]]');
    assert.equal(refused.status, 503);
    const { message } = JSON.parse(await refused.text()).error;
    assert.match(message, /scripted model API refused the key of the demo/);
    assert.doesNotMatch(message, /auth login|ANTHROPIC_API_KEY/);
    server.kill('SIGTERM');
    assert.deepEqual(await server.exited, [0, null]);
  });

  it('lets an answer that is under way come to its end', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, ['demo']);
    const response = await server.ask('[[slow 100]] [[text one two three four five six seven eight nine ten]]');
    server.kill('SIGTERM');
    const answer = await response.text();
    assert.match(answer, /ten.*\[DONE\]\s*$/s);
    assert.deepEqual(await server.exited, [0, null]);
  });

  it('ends an answer that will not end, and tells its caller', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, ['demo']);
    const response = await server.ask('[[text Working]] [[hang]]');
    server.kill('SIGTERM');
    assert.match(await response.text(), /Working.*"error"/s);
    assert.deepEqual(await server.exited, [0, null]);
  });

  it('ends at once on a second signal; the next start tidies up', async () => {
    await using home = new PrivateHome();
    await using first = new Started(home, ['demo']);
    await first.ask('[[text Working]] [[hang]]');
    first.kill('SIGINT');
    await first.said(/^Closing/);
    // The same Ctrl-C often comes twice: by the terminal, and passed on by npm.
    await sleep(700);
    first.kill('SIGINT');
    assert.deepEqual(await first.exited, [130, null]);
    await using second = new Started(home, []);
    await second.url();
    second.kill('SIGTERM');
    assert.deepEqual(await second.exited, [0, null]);
  });
});

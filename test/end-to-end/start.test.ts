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
  get lines(): { msg: string; url?: string }[] {
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

describe('clis-wrapper start demo', { timeout: 300_000, skip: skipWithoutClaude }, () => {
  it('serves labelled models that can be tried with the call it shows', async () => {
    await using home = new PrivateHome();
    await using server = new Started(home, ['demo']);
    await server.said(/scripted answers: no real model speaks/);
    const curl = await server.said(/^curl .*\[\[call get_weather/);
    const [, address = '', body = ''] = /^curl (\S+) .* -d '(.*)'$/.exec(curl) ?? [];
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(address, { method: 'POST', headers, body });
    assert.match(await response.text(), /"tool_calls":\[.*"name":"get_weather"/);
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

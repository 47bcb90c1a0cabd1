import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { PrivateHome } from '../test/support/private-home.ts';
import { ConfigError, readConfig } from './config.ts';
import { openWorkspace, type RunningServer, startServer } from './server.ts';

const [networkAddress] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .map(({ address }) => address);
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** Starts a server without any CLI, hands it over, and closes it. */
async function withServer<T>(
  environment: Record<string, string>,
  work: (server: RunningServer) => Promise<T> | T,
): Promise<T> {
  await using home = new PrivateHome();
  return await home.within(async () => {
    const all = { ...home.environment, CLAUDE_CLI_PATH: join(home.directory, 'none'), PORT: '0', ...environment };
    const config = readConfig({ environment: all, directory: home.directory });
    await using server = await startServer({ config, log: pino({ level: 'silent' }), version: '0' });
    await server.inspected;
    return await work(server);
  });
}

const refused = (environment: Record<string, string>, message: RegExp) =>
  assert.rejects(
    withServer(environment, () => {}),
    (error) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );

async function freePort(host = '127.0.0.1'): Promise<number> {
  await using server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('the server', { timeout: 120_000 }, () => {
  it('tells where other machines reach it, and each of these addresses answers', async () => {
    const urls = await withServer(
      { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' },
      async ({ url, open, networkUrls }) => {
        assert.ok(open);
        for (const own of [url, ...networkUrls]) assert.equal((await fetch(`${own}/health`)).status, 200, own);
        return networkUrls.map((own) => new URL(own).hostname);
      },
    );
    // A machine without a network is reached by nobody.
    assert.equal(urls.includes(networkAddress ?? ''), networkAddress !== undefined, urls.join());
  });

  it('is reached by nobody else on loopback', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const { open, networkUrls } = await withServer({ HOST: host }, (server) => server);
      assert.deepEqual([open, networkUrls], [false, []]);
    }
  });

  it('names HOST where that is no address of this machine', async () => {
    await refused({ HOST: '203.0.113.7', API_KEY: 'k' }, /^HOST=203\.0\.113\.7 cannot be listened on: .*\.$/);
    await refused({ HOST: 'no-such-host.invalid', API_KEY: 'k' }, /^HOST=no-such-host\.invalid cannot .*\.$/);
  });

  it('names PORT where it and all that are tried after it are taken', async () => {
    await using last = createServer().listen(65_535, '127.0.0.1');
    await once(last, 'listening');
    await refused({ PORT: '65535' }, /^PORT=65535 is taken, .*: choose another\.$/);
  });

  describe('and a base URL that leads back to it', () => {
    const names = ['127.0.0.1', 'localhost', '0.0.0.0', '127.1', '[::ffff:127.0.0.1]'];
    for (const name of names) {
      it(`is refused as ${name}`, async () => {
        const port = await freePort();
        await refused(
          { PORT: String(port), ANTHROPIC_BASE_URL: `http://${name}:${port}` },
          /^ANTHROPIC_BASE_URL is the address of this server itself/,
        );
      });
    }

    it('is refused as an address of the network, the own host name or [::] where the server listens there', async () => {
      const own = [networkAddress, hostname(), hasIpv6 ? '[::]' : undefined, hasIpv6 ? '[::1]' : undefined];
      for (const name of own.filter((name) => name !== undefined)) {
        const port = await freePort('0.0.0.0');
        const environment = { HOST: hasIpv6 ? '::' : '0.0.0.0', API_KEY: 'k', PORT: String(port) };
        await refused({ ...environment, ANTHROPIC_BASE_URL: `http://${name}:${port}/v1` }, /^ANTHROPIC_BASE_URL is/);
      }
    });

    it('is somebody else’s on another port, or on an address that the server does not listen on', async () => {
      const port = await freePort();
      const others = [
        `http://127.0.0.1:${port === 9 ? 10 : 9}`,
        `http://127.0.0.2:${port}`,
        `http://no-such-host.invalid:${port}`,
      ];
      if (networkAddress !== undefined) others.push(`http://${networkAddress}:${port}`);
      for (const url of others) await withServer({ PORT: String(port), ANTHROPIC_BASE_URL: url }, () => {});
    });
  });
});

describe('the state folder', () => {
  const problem = (home: string) =>
    openWorkspace({ home }).then(
      async (workspace) => workspace[Symbol.asyncDispose](),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError, String(error));
        return error.message;
      },
    );

  it('is named where it is a file, or below one', async () => {
    await using home = new PrivateHome();
    const file = join(home.directory, 'file');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'below')]) {
      assert.equal(await problem(folder), `CLIS_WRAPPER_HOME (${folder}) cannot be used: it is not a folder.`);
    }
  });

  // Root may write anywhere.
  it('is named where it may not be written', async () => {
    if (process.getuid?.() === 0) return;
    await using home = new PrivateHome();
    const folder = join(home.directory, 'closed');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    assert.equal(await problem(folder), `CLIS_WRAPPER_HOME (${folder}) cannot be used: this user may not write there.`);
  });

  it('is named where its stored responses cannot be read', async () => {
    await using home = new PrivateHome();
    mkdirSync(home.state);
    writeFileSync(join(home.state, 'responses.sqlite'), 'something else entirely'.repeat(100));
    await refused({ CLIS_WRAPPER_HOME: home.state }, /^RESPONSES_STORE=sqlite: .*responses\.sqlite cannot be used: /);
    await withServer({ CLIS_WRAPPER_HOME: home.state, RESPONSES_STORE: 'memory' }, () => {});
  });
});

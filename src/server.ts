import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './config.ts';
import { openaiChat } from './dialects/openai-chat/openai-chat.ts';
import { Gateway } from './gateway/gateway.ts';
import { createApp } from './http/app.ts';
import { Workspace } from './process/workspace.ts';
import type { Provider, ProviderStatus } from './providers/provider.ts';
import { createProviders, createScriptedProviders, installedCommands } from './providers/registry.ts';

/** Ports that are tried after the one asked for. */
const furtherPorts = 20;
/** How long answers under way may go on when the server closes, and then their last words. */
const closeGraceMs = 5_000;
const lastWordsMs = 1_000;
const sweepMs = 50;

/** Where the demo's CLIs and their model APIs are. */
export interface DemoOptions {
  /** The folder of the CLIs' programs. */
  binaries: string;
  simulatorUrl: string;
  /** Keeps no session of theirs ready before the first request. */
  onDemand: boolean;
}

export interface ServerOptions {
  config: Config;
  log: Logger;
  version: string;
  /** Real CLIs with scripted answers, served beside the user's own. */
  demo?: DemoOptions;
  /** Told of each CLI's state when it is known, and whenever it changes. */
  onStatus?: (provider: Provider, status: ProviderStatus) => void;
}

export interface RunningServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Settles when every CLI has been looked at for the first time. */
  inspected: Promise<void>;
  /** The user's own CLIs. */
  providers: readonly Provider[];
  demoProviders: readonly Provider[];
}

/** No CLI can answer, and the settings ask for one: the message says what to do about each. */
export class NoProviderError extends Error {
  override readonly name = 'NoProviderError';
}

/**
 * Puts the parts together and listens. Fails with a `ConfigError` where the settings do not allow it, with a
 * `NoProviderError` where they want a CLI that is ready and none is.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, version } = options;
  refuseOpenDoor(config);
  const workspace = await Workspace.open(config.home);
  const { environment, commands } = config;
  const shared = { workspace, timeoutMs: config.http.maxTimeoutMs };
  const providers = Object.values(createProviders({ ...shared, commands, environment }));
  const demoProviders = createDemoProviders(options.demo, { ...shared, searchPath: environment.PATH });
  const gateway = new Gateway({
    providers: [...providers, ...demoProviders],
    settings: config.gateway,
    onStatus: (provider, status) => {
      log.debug({ provider: provider.id, state: status.state, version: status.version }, 'provider status');
      options.onStatus?.(provider, status);
    },
    onFailure: (error) => log.warn({ err: error }, 'a spare session could not be kept ready'),
  });
  const app = createApp({ gateway, dialects: [openaiChat], settings: config.http, log, version });
  const close = async () => {
    const closed = app.close();
    // A client may keep the connection of an answer that has just ended.
    const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs);
    await Promise.race([closed, sleep(closeGraceMs, undefined, { ref: false })]);
    // Ends the answers that are still being made; their callers are told so.
    await gateway[Symbol.asyncDispose]();
    await Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
    app.server.closeAllConnections();
    await closed;
    clearInterval(sweep);
    await workspace[Symbol.asyncDispose]();
  };
  try {
    if (config.verifyFirst) {
      await gateway.start();
      refuseWithoutProvider(gateway);
    }
    const port = await listen(app, config);
    refuseOwnAddress(config, port);
    return {
      url: `http://${isAnyAddress(config.http.host) ? '127.0.0.1' : bracketed(config.http.host)}:${port}`,
      port,
      providers,
      demoProviders,
      inspected: config.verifyFirst ? Promise.resolve() : gateway.start(),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createDemoProviders(
  demo: DemoOptions | undefined,
  shared: { workspace: Workspace; timeoutMs: number; searchPath: string | undefined },
): Provider[] {
  if (demo === undefined) return [];
  const { binaries, simulatorUrl, onDemand } = demo;
  const home = shared.workspace.createDirectory();
  const commands = installedCommands(binaries);
  return Object.values(createScriptedProviders({ ...shared, commands, home, simulatorUrl, onDemand }));
}

async function listen(app: ReturnType<typeof createApp>, { port, http, logLevel }: Config): Promise<number> {
  for (let next = port; ; next += 1) {
    try {
      // Fastify would announce the address too.
      app.log.level = 'warn';
      await app.listen({ host: http.host, port: next });
      app.log.level = logLevel;
      return (app.server.address() as AddressInfo).port;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || next >= port + furtherPorts) throw error;
    }
  }
}

function refuseOpenDoor({ http, allowUnauthenticated }: Config): void {
  if (http.apiKeys.length > 0 || allowUnauthenticated || isLoopback(http.host)) return;
  throw new ConfigError(
    `HOST=${http.host} opens the server to other machines, so API_KEY must be set (or ALLOW_UNAUTHENTICATED=true, if you mean it).`,
  );
}

function refuseWithoutProvider(gateway: Gateway): void {
  const providers = Object.values(gateway.health().providers);
  if (providers.some(({ state }) => state === 'ready')) return;
  throw new NoProviderError(providers.map(({ advice }) => advice ?? '').join('\n'));
}

/** A CLI that is sent back to us for its model would ask itself for ever. */
function refuseOwnAddress({ environment }: Config, port: number): void {
  for (const name of ['ANTHROPIC_BASE_URL']) {
    const value = environment[name];
    if (value === undefined || !URL.canParse(value)) continue;
    const url = new URL(value);
    if (isLoopback(url.hostname) && Number(url.port || 80) === port) {
      throw new ConfigError(`${name} is the address of this server itself: the CLI would call itself for ever.`);
    }
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

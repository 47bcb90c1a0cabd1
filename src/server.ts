import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './config.ts';
import { dialects } from './dialects/registry.ts';
import { Gateway } from './gateway/gateway.ts';
import { createApp } from './http/app.ts';
import { listenProblem } from './http/listen-problem.ts';
import { isAnyAddress, isLoopbackAddress, reachableAddresses, reaches } from './http/own-addresses.ts';
import { Workspace } from './process/workspace.ts';
import { asDemo } from './providers/demo-provider.ts';
import type { Provider, ProviderStatus } from './providers/provider.ts';
import {
  clis,
  createProviders,
  createScriptedProviders,
  installedCommands,
  type ScriptedOptions,
} from './providers/registry.ts';
import { openResponseStore } from './store/open-response-store.ts';
import type { ResponseStore } from './store/response-store.ts';
import { Loopback } from './tool-bridge/loopback.ts';

/** Ports that are tried after the one asked for. */
const furtherPorts = 20;
const highestPort = 65_535;
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
  /** Told of each CLI's state when it is known, and whenever it changes. Left out, the log is. */
  onStatus?: (provider: Provider, status: ProviderStatus) => void;
}

export interface RunningServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Whether other machines can connect, and at which addresses as far as there is a network now. */
  open: boolean;
  networkUrls: readonly string[];
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
  const workspace = await openWorkspace(config);
  const responses = await openResponses(config, workspace);
  const { environment, commands, agents } = config;
  const loopback = new Loopback();
  const shared = { workspace, loopback, stateHome: config.home, timeoutMs: config.http.maxTimeoutMs };
  const providers = createProviders({ ...shared, commands, agents, environment });
  const demoProviders = createDemoProviders(options.demo, { ...shared, searchPath: environment.PATH });
  const gateway = new Gateway({
    providers: [...providers, ...demoProviders],
    settings: config.gateway,
    onStatus: options.onStatus ?? ((provider, status) => logStatus(log, provider, status)),
    onFailure: (error) => log.warn({ err: error }, 'a spare session could not be kept ready'),
  });
  const app = createApp({
    gateway,
    dialects,
    settings: config.http,
    log,
    version,
    responses,
  });
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
    responses?.[Symbol.dispose]();
    await loopback[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  };
  try {
    if (config.verifyFirst) {
      await gateway.start();
      refuseWithoutProvider(gateway);
    }
    const port = await listen(app, config);
    const bound = app.addresses().flatMap((own) => (typeof own === 'string' ? [] : [own.address]));
    await refuseOwnAddress(config, { port, bound });
    const urlOf = (host: string) => `http://${bracketed(host)}:${port}`;
    return {
      url: urlOf(bound.some(isAnyAddress) ? '127.0.0.1' : config.http.host),
      port,
      open: !bound.every(isLoopbackAddress),
      networkUrls: bound.flatMap(reachableAddresses).map(urlOf),
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
  shared: Omit<ScriptedOptions, 'commands' | 'home' | 'simulatorUrl'>,
): Provider[] {
  if (demo === undefined) return [];
  const { binaries, simulatorUrl, onDemand } = demo;
  const home = shared.workspace.createDirectory();
  const commands = installedCommands(binaries);
  return createScriptedProviders({ ...shared, commands, home, simulatorUrl, onDemand }).map(asDemo);
}

/**
 * A place in the state folder of the settings. Fails with a `ConfigError` that names the folder and the variable to set.
 */
export async function openWorkspace({ home }: Pick<Config, 'home'>): Promise<Workspace> {
  try {
    return await Workspace.open(home);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const place =
      path && resolve(path).startsWith(resolve(home)) ? `CLIS_WRAPPER_HOME (${home})` : `TMPDIR (${tmpdir()})`;
    throw new ConfigError(`${place} cannot be used: ${unusable[code] ?? code}.`, { cause: error });
  }
}

async function openResponses({ home, responses }: Config, workspace: Workspace): Promise<ResponseStore | undefined> {
  try {
    return openResponseStore(home, responses);
  } catch (error) {
    await workspace[Symbol.asyncDispose]();
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`RESPONSES_STORE=sqlite: ${home}/responses.sqlite cannot be used: ${reason}.`, {
      cause: error,
    });
  }
}

const unusable: Record<string, string> = {
  ENOTDIR: 'it is not a folder',
  ENOENT: 'no folder can be made there',
  EEXIST: 'it is not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
};

async function listen(app: ReturnType<typeof createApp>, { port, http, logLevel }: Config): Promise<number> {
  const lastPort = Math.min(port + furtherPorts, highestPort);
  for (let next = port; ; next += 1) {
    try {
      // Fastify would announce the address too.
      app.log.level = 'warn';
      await app.listen({ host: http.host, port: next });
      app.log.level = logLevel;
      return (app.server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && next < lastPort) continue;
      const problem = listenProblem(code, { host: http.host, port });
      throw problem === undefined ? error : new ConfigError(problem, { cause: error });
    }
  }
}

function refuseOpenDoor({ http, allowUnauthenticated }: Config): void {
  if (http.apiKeys.length > 0 || allowUnauthenticated || staysOnThisMachine(http.host)) return;
  throw new ConfigError(
    `HOST=${http.host} opens the server to other machines, so API_KEY must be set (or ALLOW_UNAUTHENTICATED=true, if you mean it).`,
  );
}

function staysOnThisMachine(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

function refuseWithoutProvider(gateway: Gateway): void {
  const providers = Object.values(gateway.health().providers);
  if (providers.some(({ state }) => state === 'ready')) return;
  throw new NoProviderError(providers.map(({ advice }) => advice ?? '').join('\n'));
}

/** A CLI that is sent back to us for its model would ask itself for ever. */
async function refuseOwnAddress(
  { environment }: Config,
  { port, bound }: { port: number; bound: readonly string[] },
): Promise<void> {
  for (const name of clis.flatMap(({ addressVariables }) => addressVariables)) {
    const value = environment[name];
    if (value === undefined || !URL.canParse(value)) continue;
    const { protocol, hostname, port: given } = new URL(value);
    if (Number(given || (protocol === 'https:' ? 443 : 80)) !== port) continue;
    // A name that nobody knows is nobody's, and the CLI will say so.
    const called = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
    if (called.some(({ address }) => bound.some((own) => reaches(address, own)))) {
      throw new ConfigError(`${name} is the address of this server itself: the CLI would call itself for ever.`);
    }
  }
}

/** One line on a CLI's state: a warning where somebody has to act. */
export function logStatus(log: Logger, { id, title }: Provider, { state, version, advice }: ProviderStatus): void {
  const fields = { provider: id, state, version };
  if (state === 'ready') log.debug(fields, `${title} is ready.`);
  else log.warn(fields, advice ?? `${title} is not available.`);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

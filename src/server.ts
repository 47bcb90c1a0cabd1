import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './config.ts';
import { openaiChat } from './dialects/openai-chat/openai-chat.ts';
import { Gateway } from './gateway/gateway.ts';
import { createApp } from './http/app.ts';
import { Workspace } from './process/workspace.ts';
import type { Provider, ProviderStatus } from './providers/provider.ts';
import { createProviders, type DemoOptions } from './providers/registry.ts';

/** Ports that are tried after the one asked for. */
const furtherPorts = 20;

export interface ServerOptions {
  config: Config;
  log: Logger;
  version: string;
  demo?: Omit<DemoOptions, 'home'>;
  /** Told of each CLI's state when it is known, and whenever it changes. */
  onStatus?: (provider: Provider, status: ProviderStatus) => void;
}

export interface RunningServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Settles when every CLI has been looked at for the first time. */
  inspected: Promise<void>;
  providers: readonly Provider[];
}

/** Puts the parts together and listens. Fails with a `ConfigError` where the settings do not allow it. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, version } = options;
  refuseOpenDoor(config);
  const workspace = await Workspace.open(config.home);
  const providers = createProviders({
    commands: config.commands,
    environment: config.environment,
    workspace,
    timeoutMs: config.http.maxTimeoutMs,
    demo: options.demo && { ...options.demo, home: workspace.createDirectory() },
  });
  const gateway = new Gateway({
    providers,
    settings: config.gateway,
    onStatus: (provider, status) => {
      log.debug({ provider: provider.id, state: status.state, version: status.version }, 'provider status');
      options.onStatus?.(provider, status);
    },
    onFailure: (error) => log.warn({ err: error }, 'a spare session could not be kept ready'),
  });
  const app = createApp({ gateway, dialects: [openaiChat], settings: config.http, log, version });
  const close = async () => {
    await app.close();
    await gateway[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  };
  try {
    const port = await listen(app, config);
    refuseOwnAddress(config, port);
    return {
      url: `http://${isAnyAddress(config.http.host) ? '127.0.0.1' : bracketed(config.http.host)}:${port}`,
      port,
      providers,
      inspected: gateway.start(),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(app: ReturnType<typeof createApp>, { port, http }: Config): Promise<number> {
  for (let next = port; ; next += 1) {
    try {
      await app.listen({ host: http.host, port: next });
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

import type { Provider, ProviderStatus } from '../../providers/provider.ts';
import { logStatus, openWorkspace, type RunningServer, startServer } from '../../server.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { currentConfig } from '../environment.ts';
import { startCommand, version } from '../package.ts';
import { askForKey } from './ask-for-key.ts';
import { keyLines, listeningLines, providerLines, suggestionLines, warnings } from './banner.ts';
import { demoClis, installDemo, isDemoInstalled } from './demo-clis.ts';
import { createLog } from './log.ts';
import { createPrinter } from './printer.ts';
import { stopSignal } from './stop-signal.ts';

/** Serves until a signal comes, then closes. Fails as `startServer` does. */
export async function serve(options: { overrides: Record<string, string>; demo: boolean }): Promise<void> {
  let config = currentConfig(options.overrides);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const isOpen = config.http.apiKeys.length === 0;
  const key = isTerminal && isOpen ? await askForKey({ input: process.stdin, output: process.stdout }) : undefined;
  if (key !== undefined) config = currentConfig({ ...options.overrides, API_KEY: key });
  const clis = demoClis(config);
  if (options.demo && !isDemoInstalled(clis)) {
    // A state folder that cannot be used is better said before a long download than after it.
    await (await openWorkspace(config))[Symbol.asyncDispose]();
    await installDemo(clis);
  }

  const log = createLog({ config, output: process.stdout });
  const printer = createPrinter({ log, output: process.stdout });
  const stopped = stopSignal();
  let closing = false;
  const listening = Promise.withResolvers<RunningServer>();
  const firstModel = new Map<Provider, string | undefined>();
  const onStatus = (provider: Provider, status: ProviderStatus) => {
    firstModel.set(provider, status.models[0]?.id);
    void listening.promise.then(({ demoProviders }) => {
      // In a terminal the banner shows it; in a log it is found by its level.
      if (status.state !== 'ready' && !process.stdout.isTTY) logStatus(log, provider, status);
      else printer.say(providerLines(provider, status, { isDemo: demoProviders.includes(provider) }));
    });
  };

  await using running = new AsyncDisposableStack();
  // Whoever wants the CLIs verified before anything is served means their own.
  const withDemo = options.demo || (isDemoInstalled(clis) && !config.verifyFirst);
  const simulator = withDemo ? running.use(await startSimulator({ record: 0 })) : undefined;
  const demo = simulator && { binaries: clis.binaries, simulatorUrl: simulator.url, onDemand: !options.demo };
  const server = running.use(await startServer({ config, log, version, onStatus, demo }));

  printer.say(listeningLines({ server, config }), { url: `${server.url}/v1` });
  for (const warning of warnings({ server, config })) printer.warn(warning);
  if (key !== undefined) printer.say(keyLines({ server, key }));
  listening.resolve(server);
  void server.inspected.then(() => {
    if (closing) return;
    const first = (providers: readonly Provider[]) =>
      providers.map((provider) => firstModel.get(provider)).find(Boolean);
    const [model, demoModel] = [first(server.providers), first(server.demoProviders)];
    const locked = config.http.apiKeys.length > 0;
    printer.say(suggestionLines({ server, locked, model, demoModel, demoCommand: `${startCommand} demo` }));
  });

  const signal = await stopped;
  closing = true;
  printer.say([`Closing on ${signal}: answers under way have five seconds.`]);
}

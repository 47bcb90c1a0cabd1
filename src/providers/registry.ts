import { join } from 'node:path';
import type { Workspace } from '../process/workspace.ts';
import { ClaudeProvider } from './claude/claude.ts';
import { claudeSettings } from './claude/settings.ts';
import type { Provider } from './provider.ts';

/** The environment variables of all providers. */
export const providerSettings = { ...claudeSettings };

/** What the demo models need: real CLIs that talk to scripted model APIs. */
export interface DemoOptions {
  /** Where the demo's CLIs are installed: the folder that holds their `node_modules`. */
  clis: string;
  /** A home directory of the demo's own. */
  home: string;
  simulatorUrl: string;
}

export interface ProvidersOptions {
  commands: { claude: string };
  /** What the children's environments are picked from. */
  environment: Record<string, string | undefined>;
  workspace: Workspace;
  /** The longest that one request to a model API may take, in milliseconds. */
  timeoutMs: number;
  demo?: DemoOptions;
}

/** Every provider that this server offers: the user's own CLIs, and the demo's beside them. */
export function createProviders(options: ProvidersOptions): Provider[] {
  const { commands, environment, workspace, timeoutMs, demo } = options;
  const providers: Provider[] = [
    new ClaudeProvider({
      id: 'claude',
      title: 'Claude Code',
      prefix: 'claude',
      ownedBy: 'anthropic',
      command: commands.claude,
      environment,
      workspace,
      timeoutMs,
    }),
  ];
  if (demo) providers.push(...createDemoProviders(demo, options));
  return providers;
}

function createDemoProviders(demo: DemoOptions, { environment, workspace, timeoutMs }: ProvidersOptions): Provider[] {
  const program = (name: string) => join(demo.clis, 'node_modules', '.bin', name);
  return [
    new ClaudeProvider({
      id: 'demo-claude',
      title: 'Demo of Claude Code (scripted answers)',
      prefix: 'demo-claude',
      ownedBy: 'clis-wrapper-simulator',
      command: program('claude'),
      environment: {
        PATH: environment.PATH,
        HOME: demo.home,
        ANTHROPIC_BASE_URL: demo.simulatorUrl,
        ANTHROPIC_API_KEY: 'demo',
      },
      workspace,
      timeoutMs,
    }),
  ];
}

import type { Usage } from '../../../src/core/usage.ts';
import type { ModelRecord, Provider } from '../../../src/providers/provider.ts';
import type { RecordedRequest } from '../../../src/simulator/recorder.ts';
import type { CallStep, UsageStep } from '../../../src/simulator/script.ts';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import type { RunningProcess } from '../../support/processes.ts';
import type { Upstream } from './upstream.ts';

/** A word that stands in everything that belongs to the operator alone: none of it may reach a model or a child. */
export const operatorMark = 'OPERATORS-OWN';

export interface SetupOptions {
  /** Put everything that the CLI would pick up from its user's home into it, each marked with `operatorMark`. */
  dirtyHome?: boolean;
  /** More variables for the environment that children's are picked from. */
  environment?: Record<string, string>;
  /** Signed in with a subscription, whose limits the model API tells, where the CLI has such a login. */
  subscription?: boolean;
  /** Where the model API is said to be; the simulator when left out. */
  apiUrl?: string;
}

/** A provider that has looked at its CLI and found it ready. Disposing it fails when anything is left behind. */
export interface ProviderFixture extends AsyncDisposable {
  provider: Provider;
  simulator: Simulator;
  /** One that reasons by default or on request. */
  model: ModelRecord;
  /** One that takes temperature and top_p, where the provider has any. */
  sampledModel?: ModelRecord;
  readUpstream(request: RecordedRequest): Upstream;
  /** What the provider should report for these token counts of its model API. */
  usageOf(counts: Required<Omit<UsageStep, 'type'>>): Usage;
  /** The call by which the model has the CLI fetch this URL, where it has such a tool. */
  fetchCall?(url: string): CallStep;
  /** Response headers of the model API that say a subscription's limit is used up until then. */
  exhaustedHeaders?(resetsAt: Date): Record<string, string>;
  /** The provider's running children. */
  processes(): RunningProcess[];
  /** Directories and files of running sessions. */
  sessionFiles(): string[];
  /** Whether a child may be given a variable of this name. */
  isAllowedVariable(name: string): boolean;
  /** Files that exist only when something of a dirty home has been run. */
  traces(): string[];
}

export type ProviderSetup = (options: SetupOptions) => Promise<ProviderFixture>;

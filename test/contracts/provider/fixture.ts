import type { ErrorKind } from '../../../src/core/error.ts';
import type { Usage } from '../../../src/core/usage.ts';
import type { ModelRecord, Provider } from '../../../src/providers/provider.ts';
import type { RecordedRequest } from '../../../src/simulator/recorder.ts';
import type { CallStep, StatusStep, UsageStep } from '../../../src/simulator/script.ts';
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

/**
 * What a CLI truly cannot do. Each value is one sentence for the report: why, and how it was seen. Where one is there,
 * the contract asserts what the caller gets instead.
 */
export interface Losses {
  /** Arguments of a tool call come whole, not in pieces. */
  argumentPieces?: string;
  /** Some keywords of a tool's schema are dropped: the model is told them in the description. */
  schemaKeywords?: string;
  /** A tool result has no mark for failure: it says so in words. */
  toolErrors?: string;
  /** The model API is never told a tool choice: the tools shown and an instruction stand for it. */
  toolChoice?: string;
  /** A system message that comes after the conversation began is shown as marked user text. */
  laterSystem?: string;
  /** An answer that is cut at the output limit says nothing of its tokens. */
  cutUsage?: string;
  /** A rate limit does not say how long to wait. */
  retryAfter?: string;
  /** The CLI sits out a rate limit by itself before it tells of it. */
  rateLimitWait?: string;
  /** The CLI asks once more by itself when an answer fails; the caller is not told anything twice. */
  secondTry?: string;
  /** Reasoning carries nothing that proves it to the model API later. */
  reasoningProof?: string;
  /** Stop sequences do not reach the model API: the answer is cut on our side. */
  upstreamStops?: string;
  /** The model API does not tell which stop sequence ended the answer. */
  stopSequence?: string;
  /** What was said before reaches the model as one text; `readUpstream` reads the messages in it. */
  textHistory?: string;
  /** The CLI does not tell an answer that was cut at the output limit from a whole one, or has the model go on. */
  lengthReason?: string;
  /** The CLI's words about a failure come as text of the answer, ahead of the failure itself. */
  failureWords?: string;
  /** Some failures cannot be told apart, or are never told: `ProviderFixture.failureKinds` names them. */
  failureKinds?: string;
  /** The CLI asks the model things of its own, such as a title, at the expense of the first turn. */
  ownRequests?: string;
  /** The CLI explains a refusal in words of its own, behind those of the model. */
  refusalWords?: string;
  /** Answers that follow each other are one text for the model. */
  answersApart?: string;
}

/** A provider that has looked at its CLI and found it ready. Disposing it fails when anything is left behind. */
export interface ProviderFixture extends AsyncDisposable {
  provider: Provider;
  /** `shared`: one process serves all sessions and outlives them. */
  processModel: 'per-session' | 'shared';
  losses: Losses;
  simulator: Simulator;
  /** One that reasons by default or on request. */
  model: ModelRecord;
  /** One that takes temperature and top_p, where the provider has any. */
  sampledModel?: ModelRecord;
  readUpstream(request: RecordedRequest): Upstream;
  /** Whether a request only makes ready for one that asks, where the CLI sends such. */
  isPreparation?(request: RecordedRequest): boolean;
  /** What the provider should report for these token counts of its model API. */
  usageOf(counts: Required<Omit<UsageStep, 'type'>>): Usage;
  /** The call by which the model has the CLI fetch this URL, where it has such a tool. */
  fetchCall?(url: string): CallStep;
  /** How the model API says that a subscription's limit is used up until then. */
  exhausted?(resetsAt: Date): Pick<StatusStep, 'headers' | 'errorType'>;
  /** True where the model API searches the web itself: a search is then no call of a tool, but part of an answer. */
  searchesUpstream?: boolean;
  /** Failures that the caller is told as something else than it was, or not at all: the CLI tries again in silence. */
  failureKinds?: Readonly<Record<string, ErrorKind | 'silence'>>;
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

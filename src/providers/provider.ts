import type { StreamEvent } from '../core/event.ts';
import type { Effort, GenerateRequest, Parameter } from '../core/request.ts';

/** What one model behind a provider can do. A request is trimmed to it before the provider sees it. */
export interface ModelRecord {
  id: string;
  /** Other names that mean this model. */
  aliases: string[];
  /** For people. */
  title: string;
  ownedBy: string;
  contextWindow?: number;
  maxOutputTokens?: number;
  /** List price in US dollars for a million tokens, only where the CLI says so. */
  pricing?: { input: number; output: number };
  inputs: { images: boolean; documents: boolean; audio: boolean };
  /** The settings that reach the model; every other one is reported as ignored. */
  parameters: readonly Parameter[];
  /** Empty where the model has no such setting. */
  efforts: readonly Effort[];
  reasoning: 'never' | 'on-request' | 'by-default';
  /** When temperature and its kin reach the model. */
  sampling: 'always' | 'without-reasoning' | 'never';
  /** False where temperature and topP exclude each other: temperature wins. */
  samplingTogether: boolean;
  /** False where a stop sequence of white space alone is refused. */
  blankStops: boolean;
  /** Web search and fetch by the CLI's own tools. */
  webTools: boolean;
  /** Names of the CLI's own web tools: a caller's tool of that name and web access exclude each other. */
  reservedToolNames: readonly string[];
  /** False where an answer holds one tool call at the most. */
  parallelToolCalls: boolean;
}

/** How this CLI is signed in, as told by the CLI itself. */
export interface Login {
  method: string;
  /** Whose bill it is: `Claude Max subscription`, `ANTHROPIC_API_KEY from the environment`, … */
  payer: string;
}

export type ProviderState = 'ready' | 'missing' | 'outdated' | 'signed-out' | 'failed';

export interface ProviderStatus {
  state: ProviderState;
  /** What is the matter and what to do about it, in one sentence; absent when ready. */
  advice?: string;
  version?: string;
  executable?: string;
  login?: Login;
  models: ModelRecord[];
}

/** Everything about a session that has to be known before a request exists. */
export interface Lane {
  account: string;
  /** With the CLI's own web tools. */
  web: boolean;
}

/** How full one of an account's limits is, as the CLI last reported it. */
export interface Quota {
  window: string;
  /** 0 to 1 where known. */
  utilization?: number;
  exhausted: boolean;
  resetsAt?: Date;
}

/** One conversation's place in a CLI. It serves one caller, one turn at a time. */
export interface Session extends AsyncDisposable {
  /**
   * Answers the request. The first `known` of its messages are what this session already holds; 0 for a new session.
   * Throws `GatewayError`. The signal ends the turn at once and leaves the session unusable.
   */
  turn(request: GenerateRequest, options: { known: number }, signal: AbortSignal): AsyncGenerator<StreamEvent>;
  /** False once no further turn can be taken. */
  readonly usable: boolean;
  /** Settles when the session is gone, with the reason for the log. */
  readonly exited: Promise<string>;
}

/** One command-line tool behind the server. */
export interface Provider extends AsyncDisposable {
  readonly id: string;
  /** For people: `Claude Code`. */
  readonly title: string;
  /** The login that pays; one for now. */
  readonly accounts: readonly string[];
  /** The oldest version of the CLI that is accepted, and the newest that our tests have run against; unknown for others. */
  readonly versions?: { minimum: string; tested: string };
  /** True where no session is kept ready before the first request: for models that few requests ask for. */
  readonly onDemand: boolean;
  /** Looks at the CLI afresh, without spending tokens: is it there, new enough, signed in, and which models it offers. */
  inspect(signal: AbortSignal): Promise<ProviderStatus>;
  /** The record of the model that this name means, listed or not; undefined when the name is not for this provider. */
  model(name: string): ModelRecord | undefined;
  /** Does everything that can be done before a request exists. */
  open(lane: Lane, signal: AbortSignal): Promise<Session>;
  /** Limits of the account as last reported. */
  quota(account: string): Quota[];
}

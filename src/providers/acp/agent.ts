import type { GatewayError } from '../../core/error.ts';
import type { FinishReason } from '../../core/event.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import type { Usage } from '../../core/usage.ts';
import type { HttpDoor, HttpDoorOptions } from '../../tool-bridge/http-door.ts';
import type { Source } from '../citations.ts';
import type { ToolNames } from '../tool-names.ts';
import type { AgentProcess } from './agent-process.ts';
import type { ContentBlock, HttpMcpServer, PromptResult, SessionUpdate, ToolCallUpdate } from './wire.ts';

/** A tool call as the model made it, under the tool's name on the caller's side. */
export interface NativeCall {
  name: string;
  arguments: Record<string, unknown>;
  /** The model's own id of it, where known. */
  id?: string;
}

/** How a turn of the model ended, as far as the agent tells. */
export interface Conclusion {
  usage: Usage;
  /** Left out: `tool-calls` where a call waits, else `stop`. */
  reason?: FinishReason;
  /** Every call that the model made in this turn, in the order in which the agent will run them. Left out: one at a time. */
  calls?: readonly NativeCall[];
  /** The answer, where a call that `prepare` forced upon the model holds it: it is said, and nothing is called. */
  answer?: string;
  /** Web pages that the answer may refer to. */
  sources?: readonly Source[];
}

/** What ended the model's turn: the answer to the prompt, or a call of one of the caller's tools that now waits. */
export type Ending = { result: PromptResult } | { call: NativeCall };

export interface BeginOptions {
  names: ToolNames;
  /** Where the caller's tools are; empty when there are none. */
  mcpServers: HttpMcpServer[];
  signal: AbortSignal;
}

/** Ends the turn that is being made; afterwards the native session is not used any more. */
export interface TurnEnd {
  /** The answer is complete. */
  end(): void;
  /** It has failed: a `GatewayError`, or what `toGatewayError` knows. */
  fail(error: unknown): void;
}

/** One session inside an agent, as one CLI makes it. Disposing of it cancels what runs in it and frees what it holds. */
export interface NativeSession extends AsyncDisposable {
  readonly process: AgentProcess;
  readonly id: string;
  /** The first prompt. Where the history could be loaded with the question in it, this is next to nothing. */
  readonly prompt: ContentBlock[];
  /** Chunks of loaded history that the agent will still tell of, and that are no part of the answer. */
  readonly replayed: number;
  /**
   * What to prompt for the messages from `known` on, settings put in place; undefined where this session cannot go on
   * with them: the conversation is then told anew.
   */
  continueWith(request: GenerateRequest, known: number): Promise<ContentBlock[] | undefined>;
  /** Puts the settings in place for an answer that goes on behind tool results; false where it cannot. */
  resumeWith(request: GenerateRequest): Promise<boolean>;
  /** Is given, once, the means to end a turn that the CLI would not end by itself. */
  watch?(turn: TurnEnd): void;
  /** Sees every update of the answer before it is translated: for what the CLI hides in them. */
  observe?(update: SessionUpdate): void;
  /**
   * What is known of the model's turn that just ended. May wait a moment for what the CLI tells late; `calls.waiting`
   * are the calls that wait for results by now.
   */
  conclude(ending: Ending, calls: { waiting: readonly NativeCall[] }): Promise<Conclusion>;
}

/** What differs from one CLI to the next behind the Agent Client Protocol. */
export interface Agent {
  /** For people: `Gemini CLI`. */
  readonly title: string;
  /** Whose reasoning it is: `google`. */
  readonly origin: string;
  /** The name of the MCP server with the caller's tools. */
  readonly serverName: string;
  /** True where a stop sequence does not reach the model: the answer is then cut here. */
  readonly cutsStops: boolean;
  /**
   * How long the first words of an answer are held back at the most while no more follow, in milliseconds: some agents
   * tell a failure as text of the answer just before they fail. Left out: not at all.
   */
  readonly firstWordsMs?: number;
  /** The request in the form in which this CLI can be asked it, the same in every turn. */
  prepare?(request: GenerateRequest): GenerateRequest;
  /** The names, and the form, under which the model is shown these tools; left out where any name of 64 characters will do. */
  nameTools?(tools: readonly FunctionTool[]): ToolNames;
  /** A door that was opened ahead for just these tools, where there is one. */
  takeDoor?(options: HttpDoorOptions): HttpDoor | undefined;
  /** Makes a native session that holds the whole request. Throws `GatewayError`, or what the protocol threw. */
  begin(request: GenerateRequest, options: BeginOptions): Promise<NativeSession>;
  /** A chunk of reasoning as the model wrote it, where the CLI dresses it up. */
  undressThought?(text: string): string;
  /** Whether the agent asks leave for one of the caller's own tools. */
  isCallersTool(call: ToolCallUpdate, names: ToolNames): boolean;
  /** A failure of the protocol as the error for the caller. */
  toGatewayError(error: unknown, process: AgentProcess | undefined): GatewayError;
}

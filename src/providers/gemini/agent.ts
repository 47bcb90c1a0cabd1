import { randomUUID } from 'node:crypto';
import type { GatewayError } from '../../core/error.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import type { Agent, BeginOptions, NativeSession } from '../acp/agent.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import { countReplay } from '../acp/replay.ts';
import { ToolNames } from '../tool-names.ts';
import { toContents } from './contents.ts';
import { toGatewayError } from './failure.ts';
import { answerToolOf, withAnswerTool } from './json-answer.ts';
import { GeminiNativeSession } from './native-session.ts';
import { defaultModel } from './native-settings.ts';
import { sessionFile } from './session-file.ts';
import { serverName, shapeOf, toolPrefix, writeHookAnswers } from './session-shape.ts';
import { systemInConversation, systemText } from './system-text.ts';
import type { GeminiWorkers } from './workers.ts';

export const origin = 'google';
/** The API takes 64 characters, and so many are the CLI's. */
const longestName = 63 - toolPrefix.length;

/** Gemini CLI: the whole conversation goes into a session file that the CLI loads, and an empty prompt starts the answer. */
export class GeminiAgent implements Agent {
  readonly title = 'Gemini CLI';
  readonly origin = origin;
  readonly serverName = serverName;
  readonly cutsStops = true;
  #workers: GeminiWorkers;
  #web: boolean;
  #nativeModel: (request: GenerateRequest) => string;

  /** `nativeModel` gives the CLI's name of a model of ours. */
  constructor(options: { workers: GeminiWorkers; web: boolean; nativeModel: (request: GenerateRequest) => string }) {
    this.#workers = options.workers;
    this.#web = options.web;
    this.#nativeModel = options.nativeModel;
  }

  prepare(request: GenerateRequest): GenerateRequest {
    return withAnswerTool(request);
  }

  nameTools(tools: readonly FunctionTool[]): ToolNames {
    return new ToolNames(tools, { longest: longestName });
  }

  async begin(request: GenerateRequest, { names, mcpServers, signal }: BeginOptions): Promise<NativeSession> {
    const lease = await this.#workers.acquire(systemText(request.system), signal);
    const { worker } = lease;
    let slot: number | undefined;
    try {
      slot = await worker.takeSlot();
      const id = randomUUID();
      const shape = shapeOf(request, this.#web);
      const model = this.#nativeModel(request);
      const { system = '' } = request;
      const opening = lease.holdsSystem ? [] : [{ text: systemInConversation(system) }];
      const contents = toContents(request.messages, names, model, opening);
      const file = sessionFile(id, contents, new Date());
      await writeHookAnswers(worker.directory(slot), shape, request, names);
      // What is replayed may be told before or after the session is there.
      const replay = countReplay(worker.process, id, file.replayed);
      await worker.load({ id, slot, file, shape, mcpServers, signal });
      signal.throwIfAborted();
      // Its answer says nothing; what follows is read after it.
      if (model !== defaultModel)
        worker.process.request('session/set_model', { sessionId: id, modelId: model }).catch(() => {});
      return new GeminiNativeSession({
        id,
        workers: this.#workers,
        lease,
        slot,
        shape,
        model,
        nativeModel: this.#nativeModel,
        request,
        names,
        answerTool: answerToolOf(request),
        replay,
      });
    } catch (error) {
      if (slot !== undefined) await worker.freeSlot(slot);
      lease.release();
      throw error;
    }
  }

  /** The CLI takes each piece apart into a heading and what stands below it. */
  undressThought(text: string): string {
    const [, heading = '', body = ''] = /^\*\*(.*?)\*\*\n(.*)$/s.exec(text) ?? [undefined, '', text];
    return heading === '' ? body : `**${heading}**\n\n${body}\n\n`;
  }

  isCallersTool(): boolean {
    return false;
  }

  toGatewayError(error: unknown, process: AgentProcess | undefined): GatewayError {
    return toGatewayError(error, process?.errorTail);
  }
}

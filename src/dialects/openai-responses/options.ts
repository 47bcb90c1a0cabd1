import type { AnswerContext } from '../dialect.ts';
import type { RequestEcho } from './request-echo.ts';
import type { ToolNames } from './tool-names.ts';

/** What the answer needs to know of its request. */
export interface ResponsesOptions {
  /** The request as the response object repeats it: `store`, `background` and `previous_response_id` stand here too. */
  request: RequestEcho;
  /** Reasoning is told in summaries. */
  summaries: boolean;
  /** Reasoning items carry what they need to be sent back. */
  encryptedReasoning: boolean;
  names: ToolNames;
  /** The answer is a summary of the conversation, and becomes a compaction item. */
  compacts: boolean;
}

/** What the answer to a request to compact needs besides. */
export interface CompactOptions extends ResponsesOptions {
  /** The user's messages, which stay as they are. */
  kept: readonly unknown[];
}

/** `now` is asked when the answer is complete; without it the answer takes no time. */
export interface ResponsesContext<Options extends ResponsesOptions = ResponsesOptions> extends AnswerContext<Options> {
  now?: () => Date;
}

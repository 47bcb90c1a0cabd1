import type { JsonObject } from './json.ts';

/** What an answer may depend on, read from a request of any simulated API. */
export interface Prompt {
  /** The text of the last user message, without what the client's program added to it. */
  readonly text: string;
  /** The tool results in the last user message, as text. */
  readonly toolResults: readonly string[];
  /** The JSON Schema that the answer must satisfy. */
  readonly outputSchema?: JsonObject;
  /** The one tool that the model must call, by the API's name for it. */
  readonly forcedTool?: { readonly name: string; readonly schema: JsonObject };
  /** The request lets the API search the web. */
  readonly webSearch: boolean;
  readonly stopSequences: readonly string[];
}

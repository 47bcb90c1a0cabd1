export type JsonSchema = Record<string, unknown>;

/** A tool that the caller runs: the model is shown its name, description and schema, and asks for calls. */
export interface FunctionTool {
  kind: 'function';
  name: string;
  description?: string;
  parameters: JsonSchema;
  strict?: boolean;
}

/** A tool whose input is free text, possibly bound by a grammar. */
export interface CustomTool {
  kind: 'custom';
  name: string;
  description?: string;
  grammar?: { syntax: string; definition: string };
}

export type Tool = FunctionTool | CustomTool;

/** One call that the model asks for. `arguments` is JSON text for a function, free text for a custom tool. */
export interface ToolCall {
  kind: Tool['kind'];
  id: string;
  name: string;
  arguments: string;
}

export type ToolChoice = { mode: 'auto' } | { mode: 'none' } | { mode: 'required' } | { mode: 'tool'; name: string };

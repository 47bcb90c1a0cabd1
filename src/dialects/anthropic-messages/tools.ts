import { z } from 'zod';
import type { FunctionTool } from '../../core/tool.ts';
import { anyObject, checkNesting, invalid, listOf, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';

const wireType = z.object({ type: z.string().nullish() });
const wireTool = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: anyObject,
  strict: z.boolean().nullish(),
  defer_loading: z.boolean().nullish(),
  input_examples: listOf.nullish(),
});
const wireWebTool = z.looseObject({ name: z.string().nullish() });

/** Tools that the API runs itself. */
const webTool = /^web_(search|fetch)_/;
const searchOfTools = /^tool_search_tool_/;
const otherServerTool = /^(code_execution_|advisor_|mcp_toolset$)/;
/** What narrows a web tool down: the web tools behind this server have none of it. */
const webLimits = ['max_uses', 'allowed_domains', 'blocked_domains', 'user_location', 'max_content_tokens'] as const;

/** What the request's tools come to. */
export interface ToolList {
  /** Those that the model is shown. */
  tools: FunctionTool[];
  /** The first web tool by the name of its type. */
  webTool: string | undefined;
  /** The names under which server tools can be chosen. */
  serverToolNames: Set<string>;
}

interface LocatedTool {
  tool: FunctionTool;
  nameAt: string;
  /** Hidden until something in the conversation names it. */
  deferred: boolean;
}

/**
 * The caller's tools as they are at the end of the conversation. `chosen` is the one that the model is made to call.
 * Throws where two have one name.
 */
export function readTools(value: unknown, chosen: string | undefined, reading: Reading): ToolList {
  const list: ToolList = { tools: [], webTool: undefined, serverToolNames: new Set() };
  const functions = new Map<string, LocatedTool>();
  let searchable = false;
  for (const [index, item] of (value === undefined || value === null ? [] : read(listOf, value, 'tools')).entries()) {
    const at = `tools.${index}`;
    const { type } = read(wireType, item, at);
    if (type && type !== 'custom') {
      readServerTool(type, item, at, list, reading);
      searchable ||= searchOfTools.test(type);
      continue;
    }
    const located = readFunction(item, at, reading);
    if (functions.has(located.tool.name)) {
      throw invalid(located.nameAt, `is ${quote(located.tool.name)}, the name of an earlier tool`);
    }
    functions.set(located.tool.name, located);
  }
  const visible = new Set([chosen]);
  for (const { tool, deferred } of functions.values()) {
    // Where the API is to search the tools for the model, this server shows them all.
    if (!deferred || searchable) visible.add(tool.name);
  }
  for (const { name, available, definition } of reading.toolChanges) {
    if (definition) functions.set(name, readFunction(definition.value, definition.at, reading));
    if (available) visible.add(name);
    else visible.delete(name);
  }
  list.tools = [...functions.values()].flatMap(({ tool }) => (visible.has(tool.name) ? [tool] : []));
  return list;
}

function readServerTool(type: string, item: unknown, at: string, list: ToolList, reading: Reading): void {
  const fields = read(wireWebTool, item, at);
  if (webTool.test(type)) {
    list.webTool ??= type;
    for (const limit of webLimits) {
      const value = fields[limit];
      if (value !== undefined && value !== null) reading.ignored.add(`${at}.${limit}`);
    }
  } else if (searchOfTools.test(type) || otherServerTool.test(type)) {
    reading.ignored.add(type);
  } else {
    const remedy =
      'which only Anthropic’s own API can describe to a model: send it with a description and an input_schema';
    throw invalid(`${at}.type`, `is ${quote(type)}, ${remedy}`);
  }
  if (fields.name) list.serverToolNames.add(fields.name);
}

function readFunction(item: unknown, at: string, reading: Reading): LocatedTool {
  const wire = read(wireTool, item, at);
  if (wire.input_examples?.length) reading.ignored.add(`${at}.input_examples`);
  const tool: FunctionTool = {
    kind: 'function',
    name: wire.name,
    ...(wire.description && { description: wire.description }),
    parameters: toSchema(wire.input_schema, `${at}.input_schema`),
    ...(typeof wire.strict === 'boolean' && { strict: wire.strict }),
  };
  return { tool, nameAt: `${at}.name`, deferred: wire.defer_loading === true };
}

function toSchema(schema: Record<string, unknown>, at: string): Record<string, unknown> {
  if (Object.keys(schema).length === 0) return { type: 'object', properties: {} };
  checkNesting(schema, at);
  if (schema.type !== 'object') throw invalid(`${at}.type`, "must be 'object'");
  return schema;
}

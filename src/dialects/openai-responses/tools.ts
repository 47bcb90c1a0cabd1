import { z } from 'zod';
import type { CustomTool, JsonSchema, Tool } from '../../core/tool.ts';
import { anyObject, anything, checkNesting, invalid, isObject, listOf, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';

/** The caller's own search for more tools, run where the other tools are run. */
export const searchName = 'tool_search';

const wireType = z.object({ type: z.string().min(1) });
const wireFunction = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: anyObject.nullish(),
  strict: z.boolean().nullish(),
});
const wireCustom = z.object({ name: z.string().min(1), description: z.string().nullish(), format: anything });
const wireFormat = z.object({ type: z.enum(['text', 'grammar']) });
const wireGrammar = z.object({ syntax: z.string(), definition: z.string() });
const wireNamespace = z.object({ name: z.string().min(1), description: z.string().nullish(), tools: listOf });
const wireWebSearch = z.object({ external_web_access: z.boolean().nullish() });

/** The tools that the caller runs, under flat names, and what turns on the provider's web search. */
export interface ToolSet {
  tools: Tool[];
  /** The type that web search was asked for by. */
  webSearch?: string;
}

/** Reads `tools`, and the tools that items of the input make known. Throws where two of `tools` have one name. */
export function readTools(tools: unknown, input: unknown, reading: Reading): ToolSet {
  const set: ToolSet = { tools: [] };
  if (tools !== undefined && tools !== null) readList(tools, 'tools', { set, reading });
  if (!Array.isArray(input)) return set;
  for (const [index, item] of input.entries()) {
    if (!isObject(item) || (item.type !== 'additional_tools' && item.type !== 'tool_search_output')) continue;
    const at = reading.placeOf(index);
    const names = readList(item.tools ?? [], `${at}.tools`, { set, reading, again: true });
    reading.found.set(index, names);
  }
  return set;
}

interface Place {
  set: ToolSet;
  reading: Reading;
  namespace?: string;
  /** Tools that are known already are passed over: items repeat them. */
  again?: boolean;
}

/** Returns the flat names of the list's tools. */
function readList(value: unknown, at: string, place: Place): string[] {
  return read(listOf, value, at).flatMap((item, index) => readTool(item, `${at}[${index}]`, place));
}

function readTool(item: unknown, at: string, place: Place): string[] {
  const { type } = read(wireType, item, at);
  switch (type) {
    case 'function': {
      // Some clients keep the chat API's nesting.
      const nested = isObject(item) && item.name === undefined && isObject(item.function);
      return readFunction(nested ? item.function : item, nested ? `${at}.function` : at, place);
    }
    case 'custom':
      return readCustom(item, at, place);
    case 'namespace': {
      const { name, description, tools } = read(wireNamespace, item, at);
      if (place.namespace !== undefined) throw invalid(`${at}.type`, "is 'namespace', which a namespace cannot hold");
      const { length } = place.set.tools;
      const names = readList(tools, `${at}.tools`, { ...place, namespace: name });
      // No model here knows groups of tools: the first tool of one says what is said of the others too.
      const first = place.set.tools[length];
      if (first && description) {
        const about = `About the tools of ${name}: ${description}`;
        first.description = first.description ? `${first.description}\n\n${about}` : about;
      }
      return names;
    }
    case searchName:
      if (isObject(item) && item.execution === 'client') return readSearch(item, at, place);
      break;
    case 'web_search':
    case 'web_search_2025_08_26':
    case 'web_search_preview':
    case 'web_search_preview_2025_03_11':
      // A search that must stay away from the web itself is one that nobody here can make.
      if (read(wireWebSearch, item, at).external_web_access === false) break;
      place.set.webSearch ??= type;
      return [];
  }
  place.reading.ignored.add(type);
  return [];
}

function readFunction(value: unknown, at: string, place: Place): string[] {
  const { name, description, parameters, strict } = read(wireFunction, value, at);
  return add(name, at, place, (flat) => ({
    kind: 'function',
    name: flat,
    ...(description && { description }),
    parameters: toSchema(parameters, `${at}.parameters`),
    ...(typeof strict === 'boolean' && { strict }),
  }));
}

function readCustom(value: unknown, at: string, place: Place): string[] {
  const { name, description, format } = read(wireCustom, value, at);
  return add(name, at, place, (flat) => {
    const tool: CustomTool = { kind: 'custom', name: flat, ...(description && { description }) };
    if (format === undefined || format === null) return tool;
    if (read(wireFormat, format, `${at}.format`).type === 'grammar') {
      tool.grammar = read(wireGrammar, format, `${at}.format`);
    }
    return tool;
  });
}

function readSearch(value: Record<string, unknown>, at: string, place: Place): string[] {
  const { description, parameters } = read(wireFunction.omit({ name: true }), value, at);
  const flat = place.reading.names.declare({ name: searchName, search: true });
  if (flat === undefined) return [];
  place.set.tools.push({
    kind: 'function',
    name: flat,
    ...(description && { description }),
    parameters: toSchema(parameters, `${at}.parameters`),
  });
  return [flat];
}

function add(name: string, at: string, { set, reading, namespace, again }: Place, make: (flat: string) => Tool) {
  const wire = { name, ...(namespace !== undefined && { namespace }) };
  const flat = reading.names.declare(wire);
  if (flat !== undefined) set.tools.push(make(flat));
  else if (!again) throw invalid(`${at}.name`, `is ${quote(name)}, the name of an earlier tool`);
  return [flat ?? reading.names.flat(wire)];
}

function toSchema(parameters: JsonSchema | null | undefined, at: string): JsonSchema {
  if (!parameters || Object.keys(parameters).length === 0) return { type: 'object', properties: {} };
  checkNesting(parameters, at);
  if (parameters.type !== 'object') throw invalid(at, "must be a JSON schema with type: 'object'");
  return parameters;
}

import { z } from 'zod';
import type { CustomTool, FunctionTool, JsonSchema, Tool } from '../../core/tool.ts';
import { anyObject, anything, checkNesting, invalid, isObject, listOf, quote, read } from '../read.ts';

const wireFunction = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: anyObject.nullish(),
  strict: z.boolean().nullish(),
});
const wireGrammar = z.object({ syntax: z.string(), definition: z.string() });
const wireCustom = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  format: z.object({ type: z.enum(['text', 'grammar']), grammar: anything }).nullish(),
});
const wireTool = z.object({ type: z.enum(['function', 'custom']), function: anything, custom: anything });

/** The caller's tools, from `tools` and its forerunner `functions`. Throws where two have one name. */
export function readTools(tools: unknown, functions: unknown): Tool[] {
  const located = [...readList(tools, 'tools', readTool), ...readList(functions, 'functions', readFunction)];
  const names = new Set<string>();
  for (const { tool, nameAt } of located) {
    if (names.has(tool.name)) throw invalid(nameAt, `is ${quote(tool.name)}, the name of an earlier tool`);
    names.add(tool.name);
  }
  return located.map(({ tool }) => tool);
}

interface LocatedTool {
  tool: Tool;
  nameAt: string;
}

function readList(value: unknown, at: string, readOne: (item: unknown, at: string) => LocatedTool): LocatedTool[] {
  if (value === undefined || value === null) return [];
  return read(listOf, value, at).map((item, index) => readOne(item, `${at}[${index}]`));
}

/** A tool's fields stand under the name of its type, or, as in the responses API, beside it. */
function readTool(item: unknown, at: string): LocatedTool {
  const { type, ...nested } = read(wireTool, item, at);
  const flat = nested[type] === undefined && isObject(item) && item.name !== undefined;
  const place = flat ? at : `${at}.${type}`;
  const fields = flat ? item : nested[type];
  return type === 'function' ? readFunction(fields, place) : readCustom(fields, place);
}

function readFunction(value: unknown, at: string): LocatedTool {
  const { name, description, parameters, strict } = read(wireFunction, value, at);
  const tool: FunctionTool = {
    kind: 'function',
    name,
    ...(description && { description }),
    parameters: toSchema(parameters, `${at}.parameters`),
    ...(typeof strict === 'boolean' && { strict }),
  };
  return { tool, nameAt: `${at}.name` };
}

function toSchema(parameters: JsonSchema | null | undefined, at: string): JsonSchema {
  if (!parameters || Object.keys(parameters).length === 0) return { type: 'object', properties: {} };
  checkNesting(parameters, at);
  if (parameters.type !== 'object') throw invalid(at, "must be a JSON schema with type: 'object'");
  return parameters;
}

function readCustom(value: unknown, at: string): LocatedTool {
  const { name, description, format } = read(wireCustom, value, at);
  const tool: CustomTool = { kind: 'custom', name, ...(description && { description }) };
  if (format?.type === 'grammar') {
    const flat = format.grammar === undefined && isObject(value);
    tool.grammar = flat
      ? read(wireGrammar, value.format, `${at}.format`)
      : read(wireGrammar, format.grammar, `${at}.format.grammar`);
  }
  return { tool, nameAt: `${at}.name` };
}

import { z } from 'zod';
import type { FunctionTool, JsonSchema, Tool } from '../../core/tool.ts';
import { anyObject, checkNesting, invalid, isObject, quote, read } from '../read.ts';
import { below, type Field, field, fields, items } from './fields.ts';
import { toJsonSchema } from './schema.ts';

const wireDeclaration = fields({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: anyObject.nullish(),
  parametersJsonSchema: anyObject.nullish(),
});

/** Tools that the API runs by itself and that a web search stands for here. */
const webTools = ['googleSearch', 'googleSearchRetrieval', 'enterpriseWebSearch', 'urlContext'];
/** Those that nothing here can run. */
const otherTools = ['codeExecution', 'computerUse', 'fileSearch', 'googleMaps', 'mcpServers', 'retrieval'];

interface ReadTools {
  tools: Tool[];
  /** Where a tool of the web is asked for; undefined where none is. */
  webSearchAt?: string;
  /** Where tools stand that are asked for in vain. */
  ignored: string[];
}

/** The tools of a body. Throws where two functions have one name. */
export function readTools(all: Field): ReadTools {
  const names = new Set<string>();
  const result: ReadTools = { tools: [], ignored: [] };
  for (const { value, at } of items(all)) {
    if (!isObject(value)) throw invalid(at, `must be an object, not ${quote(value)}`);
    for (const item of items(field(value, 'functionDeclarations', at))) {
      const tool = readFunction(item);
      if (names.has(tool.name))
        throw invalid(below(item.at, 'name'), `is ${quote(tool.name)}, the name of an earlier tool`);
      names.add(tool.name);
      result.tools.push(tool);
    }
    const [web] = given(value, webTools, at);
    if (web !== undefined) result.webSearchAt ??= web;
    result.ignored.push(...given(value, otherTools, at));
  }
  return result;
}

function given(tool: Record<string, unknown>, names: readonly string[], at: string): string[] {
  return names.flatMap((name) => {
    const found = field(tool, name, at);
    return found.value === undefined ? [] : [found.at];
  });
}

function readFunction({ value, at }: Field): FunctionTool {
  const { name, description, parameters, parametersJsonSchema } = read(wireDeclaration, value, at);
  const schemaName = parameters ? 'parameters' : 'parametersJsonSchema';
  const schemaAt = field(value as Record<string, unknown>, schemaName, at).at;
  return {
    kind: 'function',
    name,
    ...(description && { description }),
    parameters: toParameters(parameters ?? parametersJsonSchema ?? {}, schemaAt),
  };
}

function toParameters(wire: Record<string, unknown>, at: string): JsonSchema {
  checkNesting(wire, at);
  const { nullable: _, ...schema } = wire;
  const { type = 'object', ...rest } = toJsonSchema(schema);
  if (type !== 'object') throw invalid(at, 'must be a schema with type: OBJECT');
  return { type, ...(Object.keys(rest).length === 0 ? { properties: {} } : rest) };
}

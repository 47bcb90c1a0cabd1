import { z } from 'zod';
import type { Tool, ToolChoice } from '../../core/tool.ts';
import { anyObject, invalid, isObject, listOf, quote, read } from '../read.ts';

const modes = ['none', 'auto', 'required'] as const;
const wireMode = z.enum(modes, "must be 'none', 'auto', 'required' or an object that names a tool");
const wireNamed = z.object({ name: z.string().min(1) });
const wireType = z.object({ type: z.enum(['function', 'custom', 'allowed_tools']) });
const wireAllowed = z.object({ mode: z.enum(['auto', 'required']), tools: listOf });

/** What the model may do with the tools, and the tools that it may see. */
interface ToolSelection {
  tools: Tool[];
  /** Left out where the model decides, as it does without being told. */
  choice?: ToolChoice;
}

/** Applies `tool_choice`. Throws where it names a tool that is not there. */
export function selectTools(tools: Tool[], value: unknown): ToolSelection {
  if (value === undefined || value === null) return { tools };
  if (!isObject(value)) return withMode(tools, read(wireMode, value, 'tool_choice'), 'tool_choice');
  const { type } = read(wireType, value, 'tool_choice');
  if (type === 'allowed_tools') return selectAllowed(tools, value);
  return { tools, choice: { mode: 'tool', name: readName(value, type, 'tool_choice', tools) } };
}

/** Applies `function_call`, the forerunner of `tool_choice`. */
export function selectFunctions(tools: Tool[], value: unknown): ToolSelection {
  if (value === undefined || value === null) return { tools };
  if (!isObject(value)) return withMode(tools, read(wireMode, value, 'function_call'), 'function_call');
  return { tools, choice: { mode: 'tool', name: readFlatName(value, 'function_call', tools) } };
}

function withMode(tools: Tool[], mode: (typeof modes)[number], at: string): ToolSelection {
  if (mode === 'required' && tools.length === 0) throw invalid(at, "is 'required', but there are no tools");
  return mode === 'auto' || tools.length === 0 ? { tools } : { tools, choice: { mode } };
}

function selectAllowed(tools: Tool[], value: Record<string, unknown>): ToolSelection {
  const flat = value.allowed_tools === undefined;
  const at = flat ? 'tool_choice' : 'tool_choice.allowed_tools';
  const allowed = read(wireAllowed, flat ? value : value.allowed_tools, at);
  const names = new Set(
    allowed.tools.map((item, index) => {
      const place = `${at}.tools[${index}]`;
      const tool = read(anyObject, item, place);
      return readName(tool, tool.type === 'custom' ? 'custom' : 'function', place, tools);
    }),
  );
  if (names.size === 0) throw invalid(`${at}.tools`, 'must not be empty');
  return withMode(
    tools.filter(({ name }) => names.has(name)),
    allowed.mode,
    at,
  );
}

/** The name stands under the type, or, as in the responses API, beside it. */
function readName(value: Record<string, unknown>, type: 'function' | 'custom', at: string, tools: Tool[]): string {
  const nested = value[type];
  return nested === undefined && value.name !== undefined
    ? readFlatName(value, at, tools)
    : readFlatName(nested, `${at}.${type}`, tools);
}

function readFlatName(value: unknown, at: string, tools: Tool[]): string {
  const { name } = read(wireNamed, value, at);
  if (!tools.some((tool) => tool.name === name))
    throw invalid(`${at}.name`, `is ${quote(name)}, which is no tool of this request`);
  return name;
}

import { z } from 'zod';
import type { ToolChoice } from '../../core/tool.ts';
import { invalid, isObject, listOf, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';
import type { WireName } from './tool-names.ts';
import { searchName, type ToolSet } from './tools.ts';

const modes = ['none', 'auto', 'required'] as const;
const wireMode = z.enum(modes, "must be 'none', 'auto', 'required' or an object that names a tool");
const wireChoice = z.object({ type: z.string().min(1) });
const wireNamed = z.object({ name: z.string().min(1), namespace: z.string().min(1).nullish() });
const wireAllowed = z.object({ mode: z.enum(['auto', 'required']), tools: listOf });

/** The tools that the model may see, and what it may do with them. */
export interface ToolSelection extends ToolSet {
  /** Left out where the model decides, as it does without being told. */
  choice?: ToolChoice;
}

/** Applies `tool_choice`. Throws where it names a tool that is not there. */
export function selectTools(set: ToolSet, value: unknown, reading: Reading): ToolSelection {
  if (value === undefined || value === null) return set;
  if (!isObject(value)) return withMode(set, read(wireMode, value, 'tool_choice'), 'tool_choice', reading);
  const { type } = read(wireChoice, value, 'tool_choice');
  if (type === 'allowed_tools') return selectAllowed(set, value, reading);
  if (isWebSearch(type) && set.webSearch !== undefined) {
    // Whether to search is for the model to say.
    reading.ignored.add('tool_choice');
    return set;
  }
  const flat = readTool(value, 'tool_choice', reading);
  if (flat === undefined) throw invalid('tool_choice.type', `is ${quote(type)}, which is no tool of this request`);
  return { ...set, choice: { mode: 'tool', name: flat } };
}

function withMode(set: ToolSet, mode: (typeof modes)[number], at: string, reading: Reading): ToolSelection {
  if (mode === 'none') {
    const { webSearch: _, ...rest } = set;
    return set.tools.length === 0 ? rest : { ...rest, choice: { mode } };
  }
  if (mode === 'auto' || set.tools.length > 0) return mode === 'auto' ? set : { ...set, choice: { mode } };
  if (set.webSearch === undefined) throw invalid(at, "is 'required', but there are no tools");
  reading.ignored.add('tool_choice');
  return set;
}

function selectAllowed(set: ToolSet, value: Record<string, unknown>, reading: Reading): ToolSelection {
  const { mode, tools } = read(wireAllowed, value, 'tool_choice');
  if (tools.length === 0) throw invalid('tool_choice.tools', 'must not be empty');
  const names = new Set<string>();
  let webSearch: string | undefined;
  for (const [index, item] of tools.entries()) {
    const at = `tool_choice.tools[${index}]`;
    const { type } = read(wireChoice, item, at);
    const flat = readTool(item, at, reading);
    if (flat !== undefined) names.add(flat);
    else if (isWebSearch(type)) webSearch = set.webSearch;
    else reading.ignored.add(type);
  }
  const allowed: ToolSet = {
    tools: set.tools.filter(({ name }) => names.has(name)),
    ...(webSearch !== undefined && { webSearch }),
  };
  return withMode(allowed, mode, 'tool_choice.mode', reading);
}

/** The flat name of the tool that is named; undefined where a tool of the provider's own is. */
function readTool(value: unknown, at: string, reading: Reading): string | undefined {
  const { type } = read(wireChoice, value, at);
  if (type === searchName) {
    const search: WireName = { name: searchName, search: true };
    return reading.names.has(search) ? reading.names.flat(search) : undefined;
  }
  if (type !== 'function' && type !== 'custom') return undefined;
  const { name, namespace } = read(wireNamed, value, at);
  const wire = { name, ...(typeof namespace === 'string' && { namespace }) };
  if (!reading.names.has(wire)) throw invalid(`${at}.name`, `is ${quote(name)}, which is no tool of this request`);
  return reading.names.flat(wire);
}

function isWebSearch(type: string): boolean {
  return type.startsWith('web_search');
}

import { z } from 'zod';
import type { ToolChoice } from '../../core/tool.ts';
import { invalid, quote, read } from '../read.ts';
import type { Reading } from './reading.ts';
import type { ToolList } from './tools.ts';

const wireChoice = z.object({
  type: z.enum(['auto', 'any', 'tool', 'none']),
  name: z.string().min(1).nullish(),
  disable_parallel_tool_use: z.boolean().nullish(),
});

/** What `tool_choice` asks for. */
export interface Choice {
  type: 'auto' | 'any' | 'tool' | 'none';
  /** The tool that the model is made to call. */
  name: string | undefined;
  parallel: boolean | undefined;
}

/** Reads `tool_choice`; undefined where there is none. */
export function readToolChoice(value: unknown): Choice | undefined {
  if (value === undefined || value === null) return undefined;
  const { type, name, disable_parallel_tool_use: serial } = read(wireChoice, value, 'tool_choice');
  if (type === 'tool' && !name) throw invalid('tool_choice.name', 'is required');
  return {
    type,
    name: type === 'tool' ? (name ?? undefined) : undefined,
    parallel: typeof serial === 'boolean' ? !serial : undefined,
  };
}

/**
 * The choice for the neutral model: none where the model decides, as it does without being told. Throws where it names
 * a tool that is not there; a server tool cannot be forced, which is reported.
 */
export function selectTool(choice: Choice | undefined, list: ToolList, reading: Reading): ToolChoice | undefined {
  if (choice === undefined || choice.type === 'auto') return undefined;
  if (choice.type === 'tool' && choice.name !== undefined) {
    const { name } = choice;
    if (list.tools.some((tool) => tool.name === name)) return { mode: 'tool', name };
    if (!list.serverToolNames.has(name)) {
      throw invalid('tool_choice.name', `is ${quote(name)}, which is no tool of this request`);
    }
    reading.ignored.add('tool_choice');
    return undefined;
  }
  if (choice.type === 'none') return list.tools.length > 0 ? { mode: 'none' } : undefined;
  if (list.tools.length > 0) return { mode: 'required' };
  if (list.serverToolNames.size === 0) throw invalid('tool_choice', "is of type 'any', but there are no tools");
  reading.ignored.add('tool_choice');
  return undefined;
}

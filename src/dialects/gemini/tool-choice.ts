import { z } from 'zod';
import type { Tool, ToolChoice } from '../../core/tool.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { type Field, field, fields } from './fields.ts';

const modes = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'] as const;
const wireConfig = fields({
  mode: z
    .string()
    .transform((mode) => mode.toUpperCase())
    .pipe(z.enum(modes, "must be 'AUTO', 'ANY', 'NONE' or 'VALIDATED'"))
    .nullish(),
  allowedFunctionNames: z.array(z.string()).nullish(),
});

/** What the model may do with the functions, and those that it may see. */
interface ToolSelection {
  tools: Tool[];
  /** Left out where the model decides, as it does without being told. */
  choice?: ToolChoice;
  /** Where the caller chose. */
  at: string;
}

/** Applies `toolConfig`. Throws where it names a function that is not there, or asks for a call where there is none. */
export function selectTools(tools: Tool[], config: Field): ToolSelection {
  if (!isObject(config.value)) return { tools, at: config.at };
  const { value: calling, at } = field(config.value, 'functionCallingConfig', config.at);
  if (calling === undefined) return { tools, at };
  const { mode, allowedFunctionNames } = read(wireConfig, calling, at);
  const names = mode === 'ANY' || mode === 'VALIDATED' ? (allowedFunctionNames ?? []) : [];
  const namesAt = field(calling as Record<string, unknown>, 'allowedFunctionNames', at).at;
  for (const [index, name] of names.entries()) {
    if (!tools.some((tool) => tool.name === name)) {
      throw invalid(`${namesAt}[${index}]`, `is ${quote(name)}, which is no function of this request`);
    }
  }
  if (mode === 'NONE' && tools.length > 0) return { tools, choice: { mode: 'none' }, at };
  if (mode === 'ANY' && tools.length === 0) throw invalid(`${at}.mode`, "is 'ANY', but there are no functions");
  const [name] = names;
  // A model that sees all the tools has them all in its history too: one that is forced to the same call needs no fewer.
  if (mode === 'ANY' && name !== undefined && names.length === 1) return { tools, choice: { mode: 'tool', name }, at };
  const allowed = names.length > 0 ? tools.filter((tool) => names.includes(tool.name)) : tools;
  return { tools: allowed, ...(mode === 'ANY' && { choice: { mode: 'required' } }), at };
}

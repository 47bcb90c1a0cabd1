import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { ToolNames } from '../tool-names.ts';
import { enforcedSchema, schemaInstruction } from './answer-schema.ts';
import type { ThreadSettings, TurnSettings } from './thread.ts';
import { toolSchema } from './tool-schema.ts';
import type { DynamicTool } from './wire.ts';

/** Tools of these names never reach the model. */
const reserved = ['exec_command', 'shell_command'];

/** A request in Codex's terms. */
export interface TurnPlan {
  names: ToolNames;
  thread: ThreadSettings;
  turn: TurnSettings;
  /** What is asked of the model in words, since Codex has no setting for it. It holds for this turn only. */
  instruction?: string;
}

export function planTurn(
  request: GenerateRequest,
  { model, web, summary }: { model: string; web: boolean; summary: TurnSettings['summary'] },
): TurnPlan {
  const functions = request.tools.filter((tool): tool is FunctionTool => tool.kind === 'function');
  const names = new ToolNames(functions, { reserved });
  const dynamicTools = shownTools(request, names).map(toDynamicTool);
  const format = request.outputFormat?.kind === 'json-schema' ? request.outputFormat : undefined;
  const outputSchema = format && enforcedSchema(format);
  const instruction = [
    toolInstruction(request, names),
    format && outputSchema === undefined ? schemaInstruction(format.schema) : undefined,
  ]
    .filter(Boolean)
    .join('\n\n');
  return {
    names,
    thread: {
      model,
      ...(dynamicTools.length > 0 && { dynamicTools }),
      config: {
        web_search: web ? 'live' : 'disabled',
        ...(request.verbosity !== undefined && { model_verbosity: request.verbosity }),
      },
    },
    turn: {
      model,
      summary,
      ...(request.effort !== undefined && { effort: request.effort }),
      ...(outputSchema !== undefined && { outputSchema }),
    },
    ...(instruction !== '' && { instruction }),
  };
}

/** `none` and a tool by name are kept by what the model is shown. */
function shownTools({ toolChoice }: GenerateRequest, names: ToolNames): FunctionTool[] {
  if (toolChoice?.mode === 'none') return [];
  if (toolChoice?.mode !== 'tool') return names.tools;
  const only = names.native(toolChoice.name);
  return names.tools.filter(({ name }) => name === only);
}

function toolInstruction({ toolChoice }: GenerateRequest, names: ToolNames): string | undefined {
  if (names.tools.length === 0) return undefined;
  if (toolChoice?.mode === 'required') return 'Answer with a call of one or more of your tools now, not with text.';
  if (toolChoice?.mode !== 'tool') return undefined;
  return `Answer with a call of the tool ${names.native(toolChoice.name)} now, not with text.`;
}

function toDynamicTool({ name, description = '', parameters }: FunctionTool): DynamicTool {
  return { type: 'function', name, description, inputSchema: toolSchema(parameters) };
}

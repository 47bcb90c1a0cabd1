import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';

/**
 * An answer that must follow a schema, as a tool that the model has to call: the CLI has no way to pass a schema on for
 * one request, and the model's API holds the arguments of a forced call to theirs.
 */
export function withAnswerTool(request: GenerateRequest): GenerateRequest {
  const format = request.outputFormat;
  if (format?.kind !== 'json-schema') return request;
  const { mode = 'auto' } = request.toolChoice ?? {};
  // Forced to call something else, the model has no answer to give.
  if (mode === 'tool' || mode === 'required') return request;
  const tool: FunctionTool = {
    kind: 'function',
    name: freeName(request),
    description: format.description ?? 'Gives the whole answer. Call it once, when the answer is complete.',
    parameters: format.schema,
  };
  return {
    ...request,
    tools: [...request.tools, tool],
    toolChoice:
      mode === 'none' || request.tools.length === 0 ? { mode: 'tool', name: tool.name } : { mode: 'required' },
  };
}

/** The name of that tool in a request that has it. */
export function answerToolOf({ tools, outputFormat }: GenerateRequest): string | undefined {
  const last = tools.at(-1);
  const isIt =
    outputFormat?.kind === 'json-schema' && last?.kind === 'function' && last.parameters === outputFormat.schema;
  return isIt ? last.name : undefined;
}

function freeName({ tools }: GenerateRequest): string {
  let name = 'json_answer';
  while (tools.some((tool) => tool.name === name)) name = `${name}_`;
  return name;
}

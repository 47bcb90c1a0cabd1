import { elements, isObject, type JsonObject } from '../json.ts';

/** What a call of a tool has to say of it. */
export interface FoundTool {
  /** Its input is any text, not JSON. */
  readonly custom: boolean;
  readonly namespace?: string;
}

/** Looks for a tool among a request's own and those that its input adds. One that is nowhere is a plain function. */
export function findTool({ tools, input }: JsonObject, name: string): FoundTool {
  const added = elements(input)
    .filter(isObject)
    .filter(({ type }) => type === 'additional_tools')
    .flatMap((item) => elements(item.tools));
  return [...elements(tools), ...added].map((tool) => match(tool, name)).find((found) => found) ?? { custom: false };
}

function match(tool: unknown, name: string): FoundTool | undefined {
  if (!isObject(tool)) return undefined;
  if (tool.type !== 'namespace') return tool.name === name ? { custom: tool.type === 'custom' } : undefined;
  const inner = elements(tool.tools).find((one) => isObject(one) && one.name === name);
  if (!isObject(inner)) return undefined;
  return { custom: inner.type === 'custom', namespace: String(tool.name) };
}

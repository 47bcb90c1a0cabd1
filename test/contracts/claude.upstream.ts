import type { ToolChoice } from '../../src/core/tool.ts';
import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import type { Upstream, UpstreamMessage, UpstreamPart } from './provider/upstream.ts';

interface Body {
  model: string;
  system: Block[];
  messages: { role: string; content: string | Block[] }[];
  tools?: { name: string; description?: string; input_schema: Record<string, unknown> }[];
  tool_choice?: { type: string; name?: string; disable_parallel_tool_use?: boolean };
  thinking?: { type: string };
  output_config?: { effort?: string; format?: { schema: Record<string, unknown> } };
  max_tokens: number;
  temperature?: number;
  top_p?: number;
  stop_sequences?: string[];
}

interface Block {
  type: string;
  text?: string;
  thinking?: string;
  signature?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: string | Block[];
  is_error?: boolean;
  source?: { data: string; media_type: string };
}

/** What the CLI says of itself ahead of the caller's instructions. */
const ownLines = [/^x-anthropic-billing-header:/, /^You are a Claude agent, built on Anthropic's Claude Agent SDK\.$/];
/** What the CLI tells the model about where it runs, once in each process; newer models get it without the tags. */
const surroundings =
  /^(<system-reminder>\n)?# Environment\nYou have been invoked [\s\S]*Today's date is [\d-]+\.\s*(<\/system-reminder>\s*)?$/;

/** A request to Anthropic's Messages API as Claude Code sends it. */
export function readAnthropicUpstream({ body }: RecordedRequest): Upstream {
  const request = body as Body;
  const { tool_choice: choice, output_config: config } = request;
  return {
    model: request.model,
    system: request.system
      .map(({ text = '' }) => text)
      .filter((text) => !ownLines.some((line) => line.test(text)))
      .join('\n\n'),
    messages: request.messages.flatMap(readMessage),
    tools: (request.tools ?? []).map(({ name, description = '', input_schema: schema }) => ({
      name,
      description,
      schema,
    })),
    ...(choice && choice.type !== 'auto' && { toolChoice: readChoice(choice) }),
    parallelToolCalls: choice?.disable_parallel_tool_use !== true,
    effort: config?.effort,
    reasoning: request.thinking !== undefined && request.thinking.type !== 'disabled',
    maxOutputTokens: request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    stop: request.stop_sequences,
    outputSchema: config?.format?.schema,
  };
}

function readChoice({ type, name = '' }: { type: string; name?: string }): ToolChoice | undefined {
  if (type === 'none') return { mode: 'none' };
  return type === 'any' ? { mode: 'required' } : { mode: 'tool', name };
}

function readMessage({ role, content }: Body['messages'][number]): UpstreamMessage[] {
  const parts = readBlocks(content);
  if (role === 'system') {
    if (parts.length > 0) throw new Error(`a system message that is not the CLI's: ${JSON.stringify(content)}`);
    return [];
  }
  return [{ role: role as UpstreamMessage['role'], content: parts }];
}

function readBlocks(content: string | Block[]): UpstreamPart[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return blocks.filter(({ text }) => text === undefined || !surroundings.test(text)).map(readBlock);
}

function readBlock(block: Block): UpstreamPart {
  switch (block.type) {
    case 'text':
      return { text: block.text ?? '' };
    case 'thinking':
      return { reasoning: block.thinking ?? '', signature: block.signature ?? '' };
    case 'image':
      return { image: block.source?.data ?? '', mediaType: block.source?.media_type ?? '' };
    case 'document':
      return { document: block.source?.data ?? '', mediaType: block.source?.media_type ?? '' };
    case 'tool_use':
      return { call: block.id ?? '', name: block.name ?? '', arguments: block.input };
    case 'tool_result':
      return {
        result: block.tool_use_id ?? '',
        content: readBlocks(block.content ?? []),
        isError: block.is_error === true,
      };
    default:
      return { unknown: block };
  }
}

import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import type { Upstream, UpstreamMessage, UpstreamPart, UpstreamTool } from './provider/upstream.ts';

interface Body {
  model: string;
  input: Item[];
  tools?: Tool[];
  tool_choice?: string;
  parallel_tool_calls?: boolean;
  reasoning?: { effort?: string };
  text?: { verbosity?: string; format?: { schema: Record<string, unknown> } };
}

interface Tool {
  type: string;
  name?: string;
  description?: string;
  parameters?: Record<string, unknown>;
  /** Of a namespace. */
  tools?: Tool[];
}

interface Item {
  type: string;
  role?: string;
  content?: Content[];
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: string | Content[];
  summary?: { text: string }[];
  encrypted_content?: string;
  tools?: Tool[];
}

interface Content {
  type: string;
  text?: string;
  image_url?: string;
}

/** A request to OpenAI's Responses API as Codex sends it, in its full form and in its short one. */
export function readResponsesUpstream({ body }: RecordedRequest): Upstream {
  const request = body as Body;
  const { tool_choice: choice, reasoning } = request;
  // In the short form the tools stand at the head of the input.
  const tools = [...(request.tools ?? []), ...request.input.flatMap((item) => item.tools ?? [])];
  const messages = joined(request.input.flatMap(readItem));
  const system = messages[0]?.role === 'system' ? messages.shift() : undefined;
  return {
    model: request.model,
    system: (system?.content ?? []).map((part) => ('text' in part ? part.text : '')).join('\n\n'),
    messages,
    tools: tools.flatMap(readTool),
    ...(choice !== undefined && choice !== 'auto' && { toolChoice: { mode: 'tool', name: choice } }),
    parallelToolCalls: request.parallel_tool_calls === true,
    effort: reasoning?.effort,
    reasoning: reasoning?.effort !== 'none',
    outputSchema: request.text?.format?.schema,
    verbosity: request.text?.verbosity,
  };
}

function readTool({ type, name = type, description = '', parameters: schema = {}, tools }: Tool): UpstreamTool[] {
  return type === 'namespace' ? (tools ?? []).flatMap(readTool) : [{ name, description, schema }];
}

function readItem(item: Item): UpstreamMessage[] {
  switch (item.type) {
    case 'additional_tools':
      return [];
    case 'message': {
      const role = item.role === 'developer' ? 'system' : (item.role as UpstreamMessage['role']);
      return [{ role, content: (item.content ?? []).map(readContent) }];
    }
    case 'reasoning': {
      const reasoning = (item.summary ?? []).map(({ text }) => text).join('\n\n');
      return [{ role: 'assistant', content: [{ reasoning, signature: item.encrypted_content ?? '' }] }];
    }
    case 'function_call': {
      const call = { call: item.call_id ?? '', name: item.name ?? '', arguments: JSON.parse(item.arguments ?? '') };
      return [{ role: 'assistant', content: [call] }];
    }
    case 'function_call_output': {
      const { output = [] } = item;
      const content = typeof output === 'string' ? [{ text: output }] : output.map(readContent);
      return [{ role: 'user', content: [{ result: item.call_id ?? '', content, isError: false }] }];
    }
    default:
      return [{ role: 'user', content: [{ unknown: item }] }];
  }
}

function readContent(content: Content): UpstreamPart {
  if (content.type === 'input_text' || content.type === 'output_text') return { text: content.text ?? '' };
  const [, mediaType = '', image = ''] = /^data:([^;]+);base64,(.*)$/s.exec(content.image_url ?? '') ?? [];
  return content.type === 'input_image' ? { image, mediaType } : { unknown: content };
}

function joined(messages: readonly UpstreamMessage[]): UpstreamMessage[] {
  const result: UpstreamMessage[] = [];
  for (const { role, content } of messages) {
    const last = result.at(-1);
    if (last?.role === role) last.content.push(...content);
    else result.push({ role, content: [...content] });
  }
  return result;
}

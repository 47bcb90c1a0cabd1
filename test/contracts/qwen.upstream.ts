import type { ToolChoice } from '../../src/core/tool.ts';
import { toolPrefix } from '../../src/providers/qwen/native-settings.ts';
import type { RecordedRequest } from '../../src/simulator/recorder.ts';
import type { Upstream, UpstreamMessage, UpstreamPart } from './provider/upstream.ts';

interface Body {
  model: string;
  messages: ChatMessage[];
  tools?: { function: { name: string; description?: string; parameters?: Record<string, unknown> } }[];
  tool_choice?: string | { function: { name: string } };
  parallel_tool_calls?: boolean;
  reasoning?: { effort?: string };
  reasoning_effort?: string;
  chat_template_kwargs?: { enable_thinking?: boolean };
  enable_thinking?: boolean;
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  stop?: string[];
  response_format?: { json_schema?: { schema: Record<string, unknown> } };
}

interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | Content[] | null;
  reasoning_content?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

interface Content {
  type: string;
  text?: string;
  image_url?: { url: string };
  file?: { file_data: string };
}

/** What the CLI says ahead of the first message; no setting leaves it out. */
const reminder = /^<system-reminder>\nNo skills are currently available\.[^<]*<\/system-reminder>$/;
/** The pictures of tool results follow in a message of their own. */
const attached = '(attached media from previous tool call)';

/** A chat completions request as Qwen Code sends it. */
export function readChatUpstream({ body }: RecordedRequest): Upstream {
  const request = body as Body;
  const { tool_choice: choice, reasoning } = request;
  const effort = reasoning?.effort ?? request.reasoning_effort;
  const resting = request.enable_thinking === false || request.chat_template_kwargs?.enable_thinking === false;
  return {
    model: request.model,
    system: request.messages.flatMap(({ role, content }) => (role === 'system' ? [textOf(content)] : [])).join('\n\n'),
    messages: joined(request.messages.filter(({ role }) => role !== 'system').map(readMessage)),
    tools: (request.tools ?? []).map(({ function: { name, description = '', parameters: schema = {} } }) => ({
      name: bare(name),
      description,
      schema,
    })),
    ...(choice !== undefined && { toolChoice: readChoice(choice) }),
    parallelToolCalls: request.parallel_tool_calls !== false,
    effort,
    reasoning: !resting,
    maxOutputTokens: request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    stop: request.stop,
    outputSchema: request.response_format?.json_schema?.schema,
  };
}

function readChoice(choice: NonNullable<Body['tool_choice']>): ToolChoice | undefined {
  if (typeof choice !== 'string') return { mode: 'tool', name: bare(choice.function.name) };
  return choice === 'auto' ? undefined : { mode: choice as 'none' | 'required' };
}

function readMessage(message: ChatMessage): UpstreamMessage {
  const { role, content, reasoning_content: reasoning, tool_calls: calls } = message;
  const parts = readContent(content);
  if (role === 'tool') {
    const result = { result: message.tool_call_id ?? '', content: parts, isError: false };
    return { role: 'user', content: [result] };
  }
  if (role !== 'assistant') return { role: 'user', content: parts };
  return {
    role,
    content: [
      ...(reasoning ? [{ reasoning, signature: '' }] : []),
      ...parts,
      ...(calls ?? []).map(({ id, function: { name, arguments: given } }) => ({
        call: id,
        name: bare(name),
        arguments: JSON.parse(given),
      })),
    ],
  };
}

function readContent(content: ChatMessage['content']): UpstreamPart[] {
  if (content === null) return [];
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return parts.filter(({ text }) => text === undefined || !reminder.test(text)).map(readPart);
}

function readPart(part: Content): UpstreamPart {
  if (part.type === 'text') return { text: part.text ?? '' };
  const url = part.image_url?.url ?? part.file?.file_data ?? '';
  const [, mediaType = '', data = ''] = /^data:([^;]+);base64,(.*)$/s.exec(url) ?? [];
  if (part.type === 'image_url') return { image: data, mediaType };
  return part.type === 'file' ? { document: data, mediaType } : { unknown: part };
}

function joined(messages: readonly UpstreamMessage[]): UpstreamMessage[] {
  const result: UpstreamMessage[] = [];
  for (const { role, content } of messages) {
    const last = result.at(-1);
    const [first, ...media] = content;
    if (last !== undefined && first !== undefined && 'text' in first && first.text === attached) {
      // Which of the results they belong to is not told: in the tests it is the first.
      const answered = last.content.find((part) => 'result' in part);
      answered?.content.push(...media);
    } else if (last?.role === role) last.content.push(...content);
    else result.push({ role, content: [...content] });
  }
  return result;
}

function textOf(content: ChatMessage['content']): string {
  return readContent(content)
    .map((part) => ('text' in part ? part.text : ''))
    .join('');
}

/** The name without that of the MCP server in front of it. */
function bare(name: string): string {
  return name.startsWith(toolPrefix) ? name.slice(toolPrefix.length) : name;
}

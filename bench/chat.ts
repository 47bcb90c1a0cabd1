import { ask } from './ask.ts';

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A message of the chat completions API, as far as the benchmark goes. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly object[];
}

interface Chunk {
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string | null;
      readonly tool_calls?: readonly { index: number; id?: string; function: { name?: string; arguments?: string } }[];
    };
  }[];
}

export interface ChatAnswer {
  readonly sentAt: number;
  readonly firstAt: number;
  readonly message: Extract<ChatMessage, { role: 'assistant' }>;
}

/** Asks our server for a streamed answer; times in milliseconds since 1970. */
export async function chat(serverUrl: string, request: ChatRequest): Promise<ChatAnswer> {
  const { sentAt, firstAt, data } = await ask<Chunk>(`${serverUrl}/v1/chat/completions`, {
    body: { ...request, stream: true },
    isContent: ({ choices }) => choices.some(({ delta }) => Boolean(delta.content) || delta.tool_calls !== undefined),
  });
  let content = '';
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const { delta } of data.flatMap(({ choices }) => choices)) {
    content += delta.content ?? '';
    for (const { index, id = '', function: piece } of delta.tool_calls ?? []) {
      const call = calls[index] ?? { id, name: piece.name ?? '', arguments: '' };
      call.arguments += piece.arguments ?? '';
      calls[index] = call;
    }
  }
  const toolCalls = calls.map(({ id, ...called }): ToolCall => ({ id, type: 'function', function: called }));
  const message = {
    role: 'assistant' as const,
    content: content || null,
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  return { sentAt, firstAt, message };
}

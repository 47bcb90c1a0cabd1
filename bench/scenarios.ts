import type { ChatAnswer, ChatMessage, ChatRequest } from './chat.ts';
import { tools } from './tools.ts';

export const model = 'claude-sonnet-5';

/** The prompt of every road: the scripted model answers it with one word. */
export const prompt = '[[text Hello]] What does this project do?';

/** One kind of request, and how long it may take relative to the one-shot command with its default flags. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly target?: number;
}

/** Sends the request; its time counts for the row, if there is one. `fresh`: it begins a conversation. */
export type Send = (request: ChatRequest, options: { row?: Row; fresh: boolean }) => Promise<ChatAnswer>;

/** Requests that belong together, in their order. */
export interface Scenario {
  readonly rows: readonly Row[];
  /** `mark` makes each run's conversation one of its own. */
  run(send: Send, mark: string): Promise<void>;
}

/** The conversations that the benchmark has with our server. */
export const scenarios: readonly Scenario[] = [talk(0), talk(12), toolUse(1), toolUse(12), replay(8), replay(40)];

/** A first question and the next one. */
function talk(toolCount: number): Scenario {
  const first = { id: `new-${toolCount}`, title: `new conversation, ${toolCount} tools`, target: 0.3 };
  const second = { id: `next-${toolCount}`, title: `next turn, live, ${toolCount} tools`, target: 0.1 };
  return {
    rows: [first, second],
    async run(send, mark) {
      const request = begin(toolCount, [system(mark), user(prompt)]);
      const { message } = await send(request, { row: first, fresh: true });
      const further = { ...request, messages: [...request.messages, message, user(prompt)] };
      await send(further, { row: second, fresh: false });
    },
  };
}

/** A question that the model answers with a tool call, and the call's result. Only the result's answer is measured. */
function toolUse(toolCount: number): Scenario {
  const plural = toolCount === 1 ? 'tool' : 'tools';
  const row = { id: `result-${toolCount}`, title: `tool result, live, ${toolCount} ${plural}`, target: 0.08 };
  return {
    rows: [row],
    async run(send, mark) {
      const request = begin(toolCount, [system(mark), user('[[call read_file {"name":"README.md"}]]')]);
      const { message } = await send(request, { fresh: true });
      const results = (message.tool_calls ?? []).map(({ id }): ChatMessage => {
        return { role: 'tool', tool_call_id: id, content: '[[text Hello]] # The project' };
      });
      if (results.length === 0) throw new Error('The scripted tool call did not arrive.');
      await send({ ...request, messages: [...request.messages, message, ...results] }, { row, fresh: false });
    },
  };
}

/** A conversation that no live session holds, with so many messages before its question. */
function replay(messageCount: number): Scenario {
  const row = { id: `replay-${messageCount}`, title: `replay of ${messageCount} messages` };
  return {
    rows: [row],
    async run(send, mark) {
      const history = Array.from({ length: messageCount }, (_, index): ChatMessage => {
        const content = `Message ${index} of a conversation that began elsewhere.`;
        return index % 2 === 0 ? user(content) : { role: 'assistant', content };
      });
      await send(begin(0, [system(mark), ...history, user(prompt)]), { row, fresh: true });
    },
  };
}

function begin(toolCount: number, messages: ChatMessage[]): ChatRequest {
  return { model, messages, ...(toolCount > 0 && { tools: tools(toolCount) }) };
}

function system(mark: string): ChatMessage {
  return { role: 'system', content: `You help with a software project. Conversation ${mark}.` };
}

function user(content: string): ChatMessage {
  return { role: 'user', content };
}

import type { ChatAnswer, ChatMessage, ChatRequest } from './chat.ts';
import type { Subject } from './subject.ts';
import { tools } from './tools.ts';

/** The prompt of every road: the scripted model answers it with one word. */
export const prompt = '[[text Hello]] What does this project do?';

/** One kind of request, and how long it may take relative to the one-shot command with its default flags. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly target?: number | undefined;
}

/** Sends the request; its time counts for the row, if there is one. `fresh`: it begins a conversation. */
export type Send = (request: ChatRequest, options: { row?: Row; fresh: boolean }) => Promise<ChatAnswer>;

/** Requests that belong together, in their order. */
export interface Scenario {
  readonly rows: readonly Row[];
  /** `mark` makes each run's conversation one of its own. */
  run(send: Send, mark: string): Promise<void>;
}

type Asked = Pick<Subject, 'model' | 'targets'>;

/** The conversations that the benchmark has with our server. */
export function scenariosOf(subject: Asked): readonly Scenario[] {
  return [
    talk(subject, 0),
    talk(subject, 12),
    toolUse(subject, 1),
    toolUse(subject, 12),
    replay(subject, 8),
    replay(subject, 40),
  ];
}

/** A first question and the next one. */
function talk({ model, targets }: Asked, toolCount: number): Scenario {
  const first = { id: `new-${toolCount}`, title: `new conversation, ${toolCount} tools`, target: targets.first };
  const second = { id: `next-${toolCount}`, title: `next turn, live, ${toolCount} tools`, target: targets.next };
  return {
    rows: [first, second],
    async run(send, mark) {
      const request = begin(model, toolCount, [system(mark), user(prompt)]);
      const { message } = await send(request, { row: first, fresh: true });
      const further = { ...request, messages: [...request.messages, message, user(prompt)] };
      await send(further, { row: second, fresh: false });
    },
  };
}

/** A question that the model answers with a tool call, and the call's result. Only the result's answer is measured. */
function toolUse({ model, targets }: Asked, toolCount: number): Scenario {
  const plural = toolCount === 1 ? 'tool' : 'tools';
  const row = { id: `result-${toolCount}`, title: `tool result, live, ${toolCount} ${plural}`, target: targets.result };
  return {
    rows: [row],
    async run(send, mark) {
      const request = begin(model, toolCount, [system(mark), user('[[call read_file {"name":"README.md"}]]')]);
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
function replay({ model }: Asked, messageCount: number): Scenario {
  const row = { id: `replay-${messageCount}`, title: `replay of ${messageCount} messages` };
  return {
    rows: [row],
    async run(send, mark) {
      const history = Array.from({ length: messageCount }, (_, index): ChatMessage => {
        const content = `Message ${index} of a conversation that began elsewhere.`;
        return index % 2 === 0 ? user(content) : { role: 'assistant', content };
      });
      await send(begin(model, 0, [system(mark), ...history, user(prompt)]), { row, fresh: true });
    },
  };
}

function begin(model: string, toolCount: number, messages: ChatMessage[]): ChatRequest {
  return { model, messages, ...(toolCount > 0 && { tools: tools(toolCount) }) };
}

function system(mark: string): ChatMessage {
  return { role: 'system', content: `You help with a software project. Conversation ${mark}.` };
}

function user(content: string): ChatMessage {
  return { role: 'user', content };
}

import { elements, isObject, type JsonObject } from '../../json.ts';

const ROLES: readonly unknown[] = ['user', 'assistant', 'system'];

/** Roles and contents, each message by itself. Newer models take system messages among the others. */
export function findMessagesProblem({ messages, system }: JsonObject): string | undefined {
  if (!Array.isArray(messages)) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    if (!isObject(message)) return `${at}: Input should be a valid dictionary`;
    if (!ROLES.includes(message.role)) return `${at}.role: Input should be 'user' or 'assistant'`;
    if (typeof message.content !== 'string' && !Array.isArray(message.content)) return `${at}.content: Field required`;
    const last = index === messages.length - 1;
    if (message.content.length === 0 && message.role !== 'system' && !(last && message.role === 'assistant')) {
      return `${at}: all messages must have non-empty content except for the optional final assistant message`;
    }
    const problem = findTextProblem(message.content, 'messages');
    if (problem) return problem;
  }
  if (messages[0].role !== 'user') return 'messages: first message must use the "user" role';
  return findTextProblem(system, 'system') ?? findPrefillProblem(messages.at(-1));
}

function findTextProblem(content: unknown, where: string): string | undefined {
  for (const block of elements(content)) {
    if (!isObject(block)) return `${where}: content blocks must be objects`;
    if (block.type !== 'text') continue;
    if (typeof block.text !== 'string') return `${where}: text: Field required`;
    if (block.text === '') return `${where}: text content blocks must be non-empty`;
    if (block.text.trim() === '') return `${where}: text content blocks must contain non-whitespace text`;
  }
  return undefined;
}

/** A last assistant message is the beginning of the answer. */
function findPrefillProblem({ role, content }: JsonObject): string | undefined {
  if (role !== 'assistant') return undefined;
  const last = typeof content === 'string' ? content : elements(content).at(-1);
  const text = isObject(last) ? last.text : last;
  return typeof text === 'string' && text !== text.trimEnd()
    ? 'messages: final assistant content cannot end with trailing whitespace'
    : undefined;
}

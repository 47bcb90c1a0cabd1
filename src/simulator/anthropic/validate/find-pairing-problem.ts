import { elements, isObject, type JsonObject } from '../../json.ts';

interface Turn {
  /** The message's index in the request. */
  readonly index: number;
  readonly role: unknown;
  readonly blocks: readonly JsonObject[];
}

/** Tool calls and their results: each call is answered once, at the beginning of the very next message. */
export function findPairingProblem({ messages }: JsonObject): string | undefined {
  const turns = elements(messages)
    .filter(isObject)
    .map(({ role, content }, index): Turn => ({ index, role, blocks: elements(content).filter(isObject) }))
    .filter(({ role }) => role !== 'system');
  const seen = new Set<string>();
  for (const [position, turn] of turns.entries()) {
    const problem =
      findCallProblem(turn, seen) ??
      findUnanswered(turn, turns[position + 1]) ??
      findStrayResult(turn, turns[position - 1]);
    if (problem) return problem;
  }
  return undefined;
}

function findCallProblem({ index, blocks }: Turn, seen: Set<string>): string | undefined {
  for (const [position, block] of blocks.entries()) {
    if (block.type !== 'tool_use') continue;
    const at = `messages.${index}.content.${position}.tool_use`;
    const id = String(block.id);
    if (!/^[a-zA-Z0-9_-]+$/.test(id)) return `${at}.id: String should match pattern '^[a-zA-Z0-9_-]+$'`;
    if (!isObject(block.input)) return `${at}.input: Input should be a valid dictionary`;
    if (seen.has(id)) return 'messages: `tool_use` ids must be unique';
    seen.add(id);
  }
  return undefined;
}

function findUnanswered(turn: Turn, next: Turn | undefined): string | undefined {
  const end = next?.blocks.findIndex(({ type }) => type !== 'tool_result') ?? 0;
  const leading = end < 0 ? next?.blocks : next?.blocks.slice(0, end);
  const answered = new Set(leading?.map((block) => block.tool_use_id));
  const missing = callIds(turn).filter((id) => !answered.has(id));
  if (missing.length === 0) return undefined;
  return (
    `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
    `${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`
  );
}

function findStrayResult({ index, blocks }: Turn, previous: Turn | undefined): string | undefined {
  const open = new Set(previous && callIds(previous));
  const answered = new Set<unknown>();
  for (const [position, { type, tool_use_id: id }] of blocks.entries()) {
    if (type !== 'tool_result') continue;
    if (!open.has(id)) {
      return (
        `messages.${index}.content.${position}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
        'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
      );
    }
    if (answered.has(id)) {
      return (
        `messages.${index}.content.${position}: each tool_use must have a single result. ` +
        `Found multiple \`tool_result\` blocks with id: ${id}`
      );
    }
    answered.add(id);
  }
  return undefined;
}

function callIds({ role, blocks }: Turn): readonly unknown[] {
  return role === 'assistant' ? blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id) : [];
}

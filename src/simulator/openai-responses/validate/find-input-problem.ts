import { isObject, type JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { findContentProblem } from './find-content-problem.ts';
import { missing, notMatching, problem, unknown, unsupported, wrongType } from './problems.ts';

const ROLES = ['assistant', 'system', 'developer', 'user'];
const TOOL_NAME = /^[a-zA-Z0-9_-]+$/;
const LONGEST_CALL_ID = 64;

interface ItemRule {
  /** What ids of such items begin with. */
  readonly prefix?: string;
  /** Set: all fields that such an item may have beside `type` and `id`. */
  readonly fields?: readonly string[];
  /** Strings that may not be left out. */
  readonly required?: readonly string[];
}

/** The last one is not in the documentation: Codex adds it when it is signed in with a subscription. */
const COMMON_FIELDS = ['type', 'id', 'internal_chat_message_metadata_passthrough'];
const RULES: Readonly<Record<string, ItemRule>> = {
  message: { prefix: 'msg', fields: ['role', 'content', 'status', 'phase'] },
  function_call: {
    prefix: 'fc',
    fields: ['call_id', 'name', 'arguments', 'namespace', 'status', 'caller', 'async'],
    required: ['call_id', 'name', 'arguments'],
  },
  function_call_output: {
    fields: ['call_id', 'output', 'status', 'caller', 'name', 'namespace'],
    required: ['call_id'],
  },
  custom_tool_call: { prefix: 'ctc', required: ['call_id', 'name', 'input'] },
  custom_tool_call_output: { required: ['call_id'] },
  reasoning: { prefix: 'rs', fields: ['summary', 'content', 'encrypted_content', 'status'] },
  web_search_call: { prefix: 'ws' },
};
const OTHER_TYPES = `file_search_call computer_call computer_call_output tool_search_call tool_search_output
  additional_tools configuration_update compaction compaction_summary compaction_trigger image_generation_call
  code_interpreter_call local_shell_call local_shell_call_output shell_call shell_call_output apply_patch_call
  apply_patch_call_output mcp_list_tools mcp_approval_request mcp_approval_response mcp_call item_reference program
  program_output`.split(/\s+/);
const TYPES = [...Object.keys(RULES), ...OTHER_TYPES];

/** The conversation's items, each by itself. */
export function findInputProblem(input: unknown): ApiError | undefined {
  if (typeof input === 'string') return undefined;
  if (!Array.isArray(input)) return wrongType(input, 'one of an array of objects or string', 'input');
  for (const [index, item] of input.entries()) {
    const found = findItemProblem(item, `input[${index}]`);
    if (found) return found;
  }
  return undefined;
}

function findItemProblem(item: unknown, at: string): ApiError | undefined {
  if (!isObject(item)) return wrongType(item, 'an object', at);
  const type = String(item.type ?? 'message');
  if (!TYPES.includes(type)) return unsupported(type, TYPES, at);
  const rule = RULES[type] ?? {};
  const { id } = item;
  if (typeof id === 'string' && rule.prefix && !id.startsWith(rule.prefix)) {
    const message = `Invalid '${at}.id': '${id}'. Expected an ID that begins with '${rule.prefix}'.`;
    return problem(message, `${at}.id`, 'invalid_value');
  }
  const stranger = Object.keys(item).find((name) => ![...COMMON_FIELDS, ...(rule.fields ?? [name])].includes(name));
  if (stranger !== undefined) return unknown(`${at}.${stranger}`);
  for (const name of rule.required ?? []) {
    if (item[name] === undefined) return missing(`${at}.${name}`);
    if (typeof item[name] !== 'string') return wrongType(item[name], 'a string', `${at}.${name}`);
  }
  if (type === 'message') return findMessageProblem(item, at);
  if (type === 'reasoning') return findReasoningProblem(item, at);
  return findCallProblem(item, at);
}

function findMessageProblem({ role, content }: JsonObject, at: string): ApiError | undefined {
  if (role === undefined) return missing(`${at}.role`);
  if (!ROLES.includes(String(role))) return unsupported(role, ROLES, `${at}.role`);
  if (content === undefined) return missing(`${at}.content`);
  return findContentProblem(content, role === 'assistant' ? 'output' : 'input', `${at}.content`);
}

/** Nothing is kept here, so that reasoning must come back with its encrypted content. */
function findReasoningProblem({ id, summary, encrypted_content: encrypted }: JsonObject, at: string) {
  if (summary === undefined) return missing(`${at}.summary`);
  if (!Array.isArray(summary)) return wrongType(summary, 'an array of objects', `${at}.summary`);
  if (typeof encrypted === 'string' && encrypted !== '') return undefined;
  const message =
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. ` +
    'Try again with `store` set to true, or remove this item from your input.';
  return { ...problem(message, 'input'), status: 404 };
}

function findCallProblem({ type, call_id: callId, name, output }: JsonObject, at: string): ApiError | undefined {
  if (callId === '') {
    const message = `Invalid '${at}.call_id': empty string. Expected a string with minimum length 1, but got an empty string instead.`;
    return problem(message, `${at}.call_id`, 'empty_string');
  }
  if (typeof callId === 'string' && callId.length > LONGEST_CALL_ID) {
    const message =
      `Invalid '${at}.call_id': string too long. Expected a string with maximum length ${LONGEST_CALL_ID}, ` +
      `but got a string with length ${callId.length} instead.`;
    return problem(message, `${at}.call_id`, 'string_above_max_length');
  }
  if (type === 'function_call' && !TOOL_NAME.test(String(name))) return notMatching(`${at}.name`, TOOL_NAME);
  if (type !== 'function_call_output' && type !== 'custom_tool_call_output') return undefined;
  if (output === undefined) return missing(`${at}.output`);
  return findContentProblem(output, 'input', `${at}.output`);
}

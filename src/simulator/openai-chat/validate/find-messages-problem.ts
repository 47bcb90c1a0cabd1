import { elements, isObject, type JsonObject } from '../../json.ts';
import { findMediaProblem } from './find-media-problem.ts';
import { empty, firstProblem, invalid, missing, type Problem } from './problem.ts';

/** The types of parts that each role may hold. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  system: ['text'],
  developer: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file', 'video_url'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
};

/** Roles and contents, each message by itself. */
export function findMessagesProblem(messages: unknown): Problem | undefined {
  if (messages === undefined) return missing('messages');
  if (!Array.isArray(messages)) {
    return invalid('messages', "Invalid type for 'messages': expected an array of objects.", 'invalid_type');
  }
  if (messages.length === 0) return empty('messages');
  return firstProblem(messages, (message, index) => findMessageProblem(message, `messages[${index}]`));
}

function findMessageProblem(message: unknown, at: string): Problem | undefined {
  if (!isObject(message)) return invalid(at, `Invalid type for '${at}': expected an object.`, 'invalid_type');
  const { role, content } = message;
  if (role === undefined) return missing(`${at}.role`);
  const allowed = Object.entries(PARTS).find(([name]) => name === role)?.[1];
  if (!allowed) {
    const roles = Object.keys(PARTS).map((name) => `'${name}'`);
    return invalid(`${at}.role`, `Invalid value: '${role}'. Supported values are: ${roles.join(', ')}.`);
  }
  if (typeof content === 'string') return undefined;
  if (content === undefined || content === null) return findAbsenceProblem(message, at);
  if (!Array.isArray(content)) {
    const message = `Invalid type for '${at}.content': expected one of a string or array of objects.`;
    return invalid(`${at}.content`, message, 'invalid_type');
  }
  if (content.length === 0) return empty(`${at}.content`);
  return firstProblem(content, (part, index) =>
    findPartProblem(part, `${at}.content[${index}]`, String(role), allowed),
  );
}

/** Only an assistant that calls tools may say nothing. */
function findAbsenceProblem({ role, content, tool_calls: calls }: JsonObject, at: string): Problem | undefined {
  if (role === 'assistant' && elements(calls).length > 0) return undefined;
  if (content === undefined) return missing(`${at}.content`);
  return invalid(`${at}.content`, "Invalid value for 'content': expected a string, got null.", null);
}

function findPartProblem(part: unknown, at: string, role: string, allowed: readonly string[]): Problem | undefined {
  if (!isObject(part)) return invalid(at, `Invalid type for '${at}': expected an object.`, 'invalid_type');
  const { type } = part;
  if (type === undefined) return missing(`${at}.type`);
  if (!allowed.includes(String(type))) {
    const types = allowed.map((name) => `'${name}'`).join(', ');
    const message = `Invalid value: '${type}'. Supported values for a message with role '${role}' are: ${types}.`;
    return invalid(`${at}.type`, message);
  }
  if (type === 'text' || type === 'refusal')
    return typeof part[type] === 'string' ? undefined : missing(`${at}.${type}`);
  return findMediaProblem(part, at);
}

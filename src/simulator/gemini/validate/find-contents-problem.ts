import { elements, isObject, type JsonObject } from '../../json.ts';
import { findPartProblem } from './find-part-problem.ts';

const CONTENT_TYPE = 'type.googleapis.com/google.ai.generativelanguage.v1beta.Content';
const ROLES: readonly unknown[] = [undefined, 'user', 'model', 'function'];

/** Contents and the system instruction, each by itself. */
export function findContentsProblem({ contents, systemInstruction }: JsonObject): string | undefined {
  if (elements(contents).length === 0) return '* GenerateContentRequest.contents: contents is not specified\n';
  for (const [index, content] of elements(contents).entries()) {
    const at = `contents[${index}]`;
    const problem = findContentProblem(content, at);
    if (problem) return problem;
    if (isObject(content) && !ROLES.includes(content.role)) return 'Please use a valid role: user, model.';
  }
  return systemInstruction === undefined ? undefined : findContentProblem(systemInstruction, 'system_instruction');
}

function findContentProblem(content: unknown, at: string): string | undefined {
  if (!isObject(content)) return `Invalid value at '${at}' (${CONTENT_TYPE}), ${JSON.stringify(content)}`;
  const parts = elements(content.parts);
  if (parts.length === 0) return `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n`;
  for (const [index, part] of parts.entries()) {
    const problem = findPartProblem(part, `${at}.parts[${index}]`);
    if (problem) return problem;
  }
  return undefined;
}

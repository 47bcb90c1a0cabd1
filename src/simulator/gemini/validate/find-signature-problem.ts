import { elements, isObject, type JsonObject } from '../../json.ts';

/**
 * Newer models want back what proves the thoughts behind their calls: since the user spoke last, the first call of each
 * turn carries a signature.
 */
export function findSignatureProblem({ contents }: JsonObject, model: string): string | undefined {
  if (!/^gemini-[3-9]/.test(model)) return undefined;
  const turns = elements(contents).filter(isObject);
  const spokenAt = turns.findLastIndex(({ role, parts }) => role !== 'model' && !carries(parts, 'functionResponse'));
  for (const [index, { parts }] of turns.entries()) {
    const call = elements(parts).find((part) => isObject(part) && isObject(part.functionCall));
    if (index < spokenAt || !isObject(call) || call.thoughtSignature !== undefined) continue;
    const { name } = isObject(call.functionCall) ? call.functionCall : {};
    return (
      'Function call is missing a thought_signature in functionCall parts. This is required for tools to work ' +
      'correctly, and missing thought_signature may lead to degraded model performance. Additional data, function ' +
      `call \`default_api:${name}\` , position ${index + 1}. Please refer to ` +
      'https://ai.google.dev/gemini-api/docs/thought-signatures for more details.'
    );
  }
  return undefined;
}

function carries(parts: unknown, kind: string): boolean {
  return elements(parts).some((part) => isObject(part) && part[kind] !== undefined);
}

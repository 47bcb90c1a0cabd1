import { GatewayError } from '../core/error.ts';
import { findJsonFault } from './json-fault.ts';

const byteOrderMark = 0xfeff;
const prototypeKey = /"(?:_|\\u005f){2}(?:p|\\u0070)/i;

/**
 * A request body as a value; throws `invalid-request` that says where the text stops being JSON and never quotes it.
 * A key `__proto__` is refused: harmless as it is, it would become a prototype as soon as somebody copies it by
 * assignment. Fastify's own parser does the same and costs no less (about 15 ms on 20 MB, beside 25 ms for the parsing
 * itself), but keeps the place of a fault to itself and refuses a tool schema with a property named `constructor`.
 */
export function parseJsonBody(body: string): unknown {
  const text = body.charCodeAt(0) === byteOrderMark ? body.slice(1) : body;
  if (text.trim() === '') throw emptyBody();
  const value = parse(text);
  if (prototypeKey.test(text)) refusePrototypeKeys(value);
  return value;
}

export function emptyBody(): GatewayError {
  return new GatewayError('invalid-request', 'The request has no body: a JSON object is needed.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's error is not kept as the cause: it quotes the text.
    const { line, column } = findJsonFault(text);
    throw new GatewayError('invalid-request', `The request body is not valid JSON at line ${line}, column ${column}.`);
  }
}

function refusePrototypeKeys(root: unknown): void {
  const pending = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) {
      throw new GatewayError('invalid-request', 'The request body holds a key "__proto__", which is not allowed.');
    }
    for (const child of Object.values(value)) pending.push(child);
  }
}

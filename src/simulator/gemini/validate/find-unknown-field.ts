import { isObject } from '../../json.ts';
import type { Kind, Message } from './fields.ts';

/** A field that its message does not have, at any depth. Names are known in one spelling, `likeThis`. */
export function findUnknownField(value: unknown, message: Message, path = ''): string | undefined {
  if (Array.isArray(value))
    return first(
      value.map((element, index) => [element, `${path}[${index}]`]),
      message,
    );
  if (!isObject(value)) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const kind: Kind | undefined = Object.hasOwn(message, name) ? message[name] : undefined;
    if (kind === undefined) {
      return `Invalid JSON payload received. Unknown name "${name}"${path && ` at '${path}'`}: Cannot find field.`;
    }
    const problem = findInside(inner, kind, path === '' ? inSnakeCase(name) : `${path}.${inSnakeCase(name)}`);
    if (problem) return problem;
  }
  return undefined;
}

function findInside(value: unknown, kind: Kind, path: string): string | undefined {
  if (kind === 'anything') return undefined;
  if ('message' in kind) return findUnknownField(value, kind.message(), path);
  const values = isObject(value) ? Object.values(value) : [];
  return first(
    values.map((element, index) => [element, `${path}[${index}].value`]),
    kind.named(),
  );
}

function first(entries: readonly (readonly [value: unknown, path: string])[], message: Message): string | undefined {
  for (const [value, path] of entries) {
    const problem = findUnknownField(value, message, path);
    if (problem) return problem;
  }
  return undefined;
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Keys of a JSON schema whose members are schemas under names of the caller's own. */
export const namedKeys: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

/** Keys of a JSON schema whose members are values, not schemas. */
export const literalKeys: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

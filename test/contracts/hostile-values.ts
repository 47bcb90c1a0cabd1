/** JSON values that a decoder must survive wherever they stand. */
export function hostileValues(): unknown[] {
  const deep = 50_000;
  return [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    JSON.parse('1e999'),
    '',
    ' ',
    '\0',
    '\ud800',
    '__proto__',
    'constructor',
    'data:image/png;base64,####',
    'x'.repeat(100_000),
    [],
    {},
    [[]],
    [{}],
    [null],
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}'),
    JSON.parse('['.repeat(deep) + ']'.repeat(deep)),
    JSON.parse(`${'{"type":'.repeat(deep)}1${'}'.repeat(deep)}`),
  ];
}

/** The body with each of its values, at every depth, replaced in turn by each of the others. */
export function* variations(body: unknown, values: readonly unknown[]): Generator<unknown> {
  yield* values;
  if (typeof body !== 'object' || body === null) return;
  for (const [key, value] of Object.entries(body)) {
    for (const changed of variations(value, values)) {
      if (Array.isArray(body)) yield body.with(Number(key), changed);
      else yield { ...body, [key]: changed };
    }
  }
}

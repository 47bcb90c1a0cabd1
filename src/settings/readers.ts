import { z } from 'zod';

const booleans: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

/** `true`, `yes`, `on`, `1` and their opposites, in any case. */
export const booleanText = z.string().transform((text, context) => {
  const value = booleans[text.trim().toLowerCase()];
  if (value !== undefined) return value;
  return refuse(context, 'must be true or false');
});

/** Switches that are handed on as they are: only what means the same to everybody, `1`, `true`, `0` and `false`. */
export const switchText = z.string().regex(/^(1|true|0|false)$/i, 'must be 1 or true, or 0 or false');

/** The address of an HTTP API, handed on as it is. */
export const webAddressText = z
  .string()
  .refine(isWebAddress, 'must be an http or https address, like https://api.example.com');

/** Whether a text is an absolute address that HTTP can reach. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** A secret that travels in a header, handed on as it is. */
export const secretText = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters only, without spaces');

/** A number of digits only, within the bounds. */
export function integerText(minimum: number, maximum: number) {
  return z.string().transform((text, context) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    return refuse(context, `must be a whole number from ${minimum} to ${maximum}`);
  });
}

/** A decimal number within the bounds. */
export function numberText(minimum: number, maximum: number) {
  return z.string().transform((text, context) => {
    const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    return refuse(context, `must be a number from ${minimum} to ${maximum}`);
  });
}

/** `a, b,c` as a list without blanks and empty entries; empty text is an empty list. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** A JSON array of strings. */
export const jsonList = z.string().transform((text, context): string[] => {
  try {
    const list = z.array(z.string()).safeParse(JSON.parse(text));
    if (list.success) return list.data;
  } catch {}
  return refuse(context, 'must be a JSON array of strings, like ["https://example.com"]');
});

const unitBytes: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A size in bytes, plain or with a unit of 1,024: `33554432`, `512kb`, `32 MB`, `1GiB`. */
export function byteSizeText(maximum: number) {
  return z.string().transform((text, context) => {
    const [, amount, unit] = /^(\d+)\s*(?:([kmg])i?)?b?$/.exec(text.trim().toLowerCase()) ?? [];
    const bytes = Number(amount) * (unitBytes[unit ?? ''] ?? Number.NaN);
    if (bytes >= 1 && bytes <= maximum) return bytes;
    return refuse(context, `must be a size from 1 to ${maximum} bytes, like 33554432 or 32mb`);
  });
}

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

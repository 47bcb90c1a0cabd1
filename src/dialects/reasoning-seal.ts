import { z } from 'zod';
import { decodeBase64 } from '../core/base64.ts';
import type { ReasoningPart } from '../core/message.ts';

/**
 * What shows a provider that it wrote a piece of reasoning itself. `text` is what was signed, for dialects whose clients
 * keep the seal and drop the text.
 */
export type ReasoningSeal = Pick<ReasoningPart, 'signature' | 'encrypted'> & { origin: string; text?: string };

/** Every seal begins like this: the signatures of others, which can be long, need not be read as JSON. */
const opening = Buffer.from('{"origin":"');

const wireSeal = z.object({
  origin: z.string().min(1),
  signature: z.string().optional(),
  encrypted: z.string().optional(),
  text: z.string().optional(),
});

/**
 * A seal as the one opaque text that dialects have a place for: base64 in the URL-safe alphabet, since some clients hold
 * such a text as bytes. Undefined where nobody knows whose reasoning it is; an origin alone is worth a seal, since some
 * providers take their unsigned reasoning back.
 */
export function sealReasoning({ origin, signature, encrypted, text }: Partial<ReasoningSeal>): string | undefined {
  if (origin === undefined) return undefined;
  return Buffer.from(JSON.stringify({ origin, signature, encrypted, text })).toString('base64url');
}

/** The seal in such a text, in whichever base64 it came back; undefined for a text that was not made here. */
export function openReasoningSeal(text: string): ReasoningSeal | undefined {
  const bytes = decodeBase64(text)?.bytes;
  if (!bytes?.subarray(0, opening.length).equals(opening)) return undefined;
  try {
    return wireSeal.parse(JSON.parse(bytes.toString()));
  } catch {
    return undefined;
  }
}

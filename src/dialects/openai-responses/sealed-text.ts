import { z } from 'zod';
import { decodeBase64 } from '../../core/base64.ts';
import type { ReasoningPart } from '../../core/message.ts';

/**
 * What an `encrypted_content` of this server holds. It is opaque, not secret: it says nothing that its caller has not
 * been told or could not ask for.
 */
const wireSealed = z.object({
  reasoning: z
    .object({
      text: z.string(),
      origin: z.string().optional(),
      signature: z.string().optional(),
      encrypted: z.string().optional(),
    })
    .optional(),
  summary: z.string().optional(),
});
type Sealed = z.output<typeof wireSealed>;

/** Every sealed text begins with one of these: the long ones of other servers need not be read as JSON. */
const openings = ['{"reasoning":{', '{"summary":"'].map((text) => Buffer.from(text));

/** A piece of reasoning, whole: a provider takes its own back only with the very text that it signed. */
export function sealReasoningPart({ text, origin, signature, encrypted }: ReasoningPart): string {
  return seal({ reasoning: { text, origin, signature, encrypted } });
}

/** The reasoning in an `encrypted_content`; undefined for one that was not made here. */
export function openReasoningPart(sealed: string): ReasoningPart | undefined {
  const { reasoning } = open(sealed);
  return reasoning && { type: 'reasoning', ...reasoning };
}

/** The summary that stands for a conversation. */
export function sealSummary(summary: string): string {
  return seal({ summary });
}

/** The summary in an `encrypted_content`; undefined for one that was not made here. */
export function openSummary(sealed: string): string | undefined {
  return open(sealed).summary;
}

function seal(value: Sealed): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function open(sealed: string): Sealed {
  const bytes = decodeBase64(sealed)?.bytes;
  if (!bytes || !openings.some((opening) => bytes.subarray(0, opening.length).equals(opening))) return {};
  try {
    return wireSealed.parse(JSON.parse(bytes.toString()));
  } catch {
    return {};
  }
}

import type { Completion } from '../../core/completion.ts';
import type { AssistantPart } from '../../core/message.ts';
import type { AnswerContext } from '../dialect.ts';
import type { GeminiOptions } from './decode.ts';
import { toGroundingMetadata } from './grounding.ts';
import { type AnswerPart, PartWriter } from './part-writer.ts';
import { type Candidate, type GeminiResponse, toCandidate, toResponse } from './response.ts';
import { toUsageMetadata } from './usage.ts';

/** The answer as one object, a candidate for each completion. */
export function whole(completions: Completion[], context: AnswerContext<GeminiOptions>): GeminiResponse {
  const candidates = completions.map((completion, index) => writeCandidate(completion, index, context.options));
  const usage = toUsageMetadata(completions.map((completion) => completion.usage));
  return toResponse(candidates, context, completions[0]?.model || context.model, usage);
}

function writeCandidate({ message, citations, reason }: Completion, index: number, options: GeminiOptions): Candidate {
  const writer = new PartWriter(options);
  const parts = message.content.flatMap((part) => [...writePart(part, writer)]);
  const last = writer.rest();
  if (parts.length === 0 || last.thoughtSignature !== undefined) parts.push(last);
  const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return toCandidate(index, parts, reason, toGroundingMetadata(text, citations));
}

function* writePart(part: AssistantPart, writer: PartWriter): Generator<AnswerPart> {
  switch (part.type) {
    case 'text':
      yield* writer.text(part.text);
      return;
    case 'refusal':
      yield* writer.refusal(part.text);
      return;
    case 'reasoning':
      yield* writer.thought(part.text);
      yield* writer.seal(part);
      return;
    case 'tool-call':
      yield* writer.call(part.call);
  }
}

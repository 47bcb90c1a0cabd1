import type { Message, Part } from '../core/message.ts';
import type { GenerateRequest } from '../core/request.ts';

/** What a message, and the list of tools, take beside their text. */
const messageOverhead = 4;
/** Of an image of usual size; models differ from some 250 to 1,600. */
const imageTokens = 1_000;
/** A page of a document takes a model some 2,000 tokens, and about so many bytes. */
const bytesPerDocumentToken = 25;
const bytesPerAudioToken = 500;

/**
 * Roughly the tokens that a model would read for this request, by the tokenizer of OpenAI's newer models: no CLI counts
 * without asking its model API. The tokenizer is loaded with the first request that asks: it takes 75 MB.
 */
export async function estimateTokens({ system, messages, tools }: GenerateRequest): Promise<number> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  const ofText = (text: string) => countTokens(text, { allowedSpecial: 'all' });
  const ofPart = (part: Part): number => {
    switch (part.type) {
      case 'text':
      case 'refusal':
      case 'reasoning':
        return ofText(part.text);
      case 'image':
        return imageTokens;
      case 'file':
        return Math.ceil(base64Bytes(part.data) / bytesPerDocumentToken);
      case 'audio':
        return Math.ceil(base64Bytes(part.data) / bytesPerAudioToken);
      case 'tool-call':
        return ofText(part.call.name) + ofText(part.call.arguments);
      default:
        return part satisfies never;
    }
  };
  const ofMessage = ({ content }: Message) =>
    (content as Part[]).reduce((sum, part) => sum + ofPart(part), messageOverhead);
  return (
    (system === undefined ? 0 : ofText(system) + messageOverhead) +
    messages.reduce((sum, message) => sum + ofMessage(message), 0) +
    (tools.length === 0 ? 0 : ofText(JSON.stringify(tools)) + messageOverhead)
  );
}

function base64Bytes(data: string): number {
  return (data.length * 3) / 4;
}

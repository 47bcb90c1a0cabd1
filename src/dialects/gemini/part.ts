import { invalid, isObject, quote } from '../read.ts';
import { type Field, field } from './fields.ts';

const kinds = [
  'functionCall',
  'functionResponse',
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'text',
] as const;
type PartKind = (typeof kinds)[number];

/** A part of a content: which of the fields that hold something is there, and its own other fields. */
export interface WirePart {
  /** Undefined for a part that only carries a signature. */
  kind: PartKind | undefined;
  content: Field;
  thought: boolean;
  signature: string | undefined;
  /** The text is one of the answer's refusals: see `PartWriter`. */
  refusal: boolean;
  at: string;
}

/** A part, its content still to be read. */
export function readPart({ value, at }: Field): WirePart {
  if (!isObject(value)) throw invalid(at, `must be an object, not ${quote(value)}`);
  const signature = field(value, 'thoughtSignature', at).value;
  const thought = value.thought === true;
  const kind = kinds.find((one) => field(value, one, at).value !== undefined);
  if (kind === undefined && signature === undefined && !thought) {
    throw invalid(at, 'must hold text, inlineData, a functionCall or a functionResponse');
  }
  const metadata = field(value, 'partMetadata', at).value;
  return {
    kind,
    content: field(value, kind ?? 'text', at),
    thought,
    signature: typeof signature === 'string' ? signature : undefined,
    refusal: isObject(metadata) && metadata.refusal === true,
    at,
  };
}

/** The text of a part. */
export function textOf(value: unknown, at: string): string {
  if (typeof value !== 'string') throw invalid(at, `must be a string, not ${quote(value)}`);
  return value;
}

/** Code that the API ran by itself, or what came of it, as a reader of the conversation sees it. */
export function codeText(value: unknown): string {
  if (!isObject(value)) return '';
  const { code, language, output } = value;
  const lines = [code, output].filter((text) => typeof text === 'string').join('\n');
  const tag = typeof language === 'string' && language.toUpperCase() === 'PYTHON' ? 'python' : '';
  return `\n\`\`\`${tag}\n${lines}\n\`\`\`\n`;
}

import { z } from 'zod';
import type { ToolMessage, ToolResultPart } from '../../core/message.ts';
import { anything, checkNesting, invalid, isObject, read } from '../read.ts';
import { below, type Field, field, fields, items } from './fields.ts';
import { readInlineData, refuseFileData } from './media.ts';
import type { Reading } from './reading.ts';

const wireResponse = fields({ id: z.string().nullish(), name: z.string().nullish(), response: anything });

/** What a function answered, and by which id and name it says which call it is that it answers. */
export interface FunctionResponse extends Pick<ToolMessage, 'content' | 'isError'> {
  id: string | null | undefined;
  name: string | null | undefined;
}

export function readFunctionResponse({ value, at }: Field, reading: Reading): FunctionResponse {
  const { id, name, response } = read(wireResponse, value, at);
  checkNesting(response, below(at, 'response'));
  const isError = isObject(response) && isGiven(response.error);
  const text = textOf(response);
  const parts = items(field(value as Record<string, unknown>, 'parts', at)).map((part) =>
    readResponsePart(part, reading),
  );
  const content: ToolResultPart[] = text === '' ? parts : [{ type: 'text', text }, ...parts];
  return { id, name, content, ...(isError && { isError }) };
}

/**
 * A response is an object: its `output` or its `error`, where it has nothing else, is what the function said, and a text
 * there needs no quotes.
 */
function textOf(response: unknown): string {
  if (!isObject(response)) return asText(response);
  const given = Object.entries(response).filter(([, value]) => isGiven(value));
  const [[key, value] = []] = given;
  if (given.length === 0) return '';
  return given.length === 1 && (key === 'output' || key === 'error') ? asText(value) : JSON.stringify(response);
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isGiven(value) ? JSON.stringify(value) : '';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function readResponsePart({ value, at }: Field, reading: Reading): ToolResultPart {
  if (!isObject(value)) throw invalid(at, 'must be an object');
  const file = field(value, 'fileData', at);
  if (file.value !== undefined) throw refuseFileData(file);
  const blob = field(value, 'inlineData', at);
  const media = readInlineData(blob, at, reading);
  if (media.type !== 'audio') return media;
  throw invalid(blob.at, 'is sound, which a function response cannot hold');
}

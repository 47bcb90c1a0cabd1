import { z } from 'zod';
import type { Message, UserPart } from '../../core/message.ts';
import { findPairingFault, type PairingFault } from '../../core/tool-pairing.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { below, type Field, field, items } from './fields.ts';
import { FunctionCalls } from './function-calls.ts';
import { readFunctionResponse } from './function-response.ts';
import { readInlineData, refuseFileData } from './media.ts';
import { ModelTurn } from './model-turn.ts';
import { codeText, readPart, textOf } from './part.ts';
import type { Reading } from './reading.ts';

const roles = z.enum(['user', 'model', 'function'], "must be 'user', 'model' or 'function'").nullish();
const wireContent = z.object({ role: roles });

interface LocatedMessage {
  message: Message;
  /** Where each call of a model's turn stands in the caller's body. */
  callsAt: readonly string[];
}

/**
 * The contents of a body as messages. `mustPair`: every call has its response and the other way round; without it a
 * response that answers nothing is something that the user said.
 */
export function readContents(contents: Field, reading: Reading, mustPair: boolean): Message[] {
  if (contents.value === undefined) throw invalid(contents.at, 'is required');
  if (!Array.isArray(contents.value) && !isObject(contents.value)) {
    throw invalid(contents.at, `must be an array, not ${quote(contents.value)}`);
  }
  const located = locate(items(contents), reading, mustPair).filter(
    ({ message }) => message.content.length > 0 || message.role === 'tool',
  );
  const messages = located.map(({ message }) => message);
  if (messages.length === 0) throw invalid(contents.at, 'must not be empty');
  const fault = mustPair ? findPairingFault(messages) : undefined;
  if (fault) throw pairingError(fault, located[fault.message]?.callsAt[fault.call] ?? contents.at);
  return messages;
}

function locate(contents: Field[], reading: Reading, mustPair: boolean): LocatedMessage[] {
  const messages: LocatedMessage[] = [];
  const calls = new FunctionCalls();
  let turn: ModelTurn | undefined;
  for (const { value, at } of contents) {
    const { role } = read(wireContent, value, at);
    const parts = partsOf(value, at);
    if (role === 'model') {
      if (!turn) {
        turn = new ModelTurn(calls);
        messages.push({ message: turn.message, callsAt: turn.callsAt });
      }
      turn.add(parts);
    } else {
      turn = undefined;
      for (const message of readUserParts(parts, calls, reading, mustPair)) messages.push({ message, callsAt: [] });
    }
  }
  return messages;
}

/** Results come before anything else that the same content says. */
function readUserParts(parts: Field, calls: FunctionCalls, reading: Reading, mustPair: boolean): Message[] {
  const results: Message[] = [];
  const content: UserPart[] = [];
  for (const item of items(parts)) {
    const part = readPart(item);
    switch (part.kind) {
      case 'functionResponse': {
        const { id, name, ...said } = readFunctionResponse(part.content, reading);
        const callId = calls.answer(id, name);
        if (callId !== undefined) results.push({ role: 'tool', callId, ...said });
        else if (!mustPair) content.push(...said.content);
        else throw unasked(part.content.at, id, name);
        break;
      }
      case 'inlineData':
        content.push(readInlineData(part.content, part.at, reading));
        break;
      case 'fileData':
        throw refuseFileData(part.content);
      case 'functionCall':
        throw invalid(part.content.at, 'is a call, which only the model makes');
      case 'text':
        pushText(content, textOf(part.content.value, part.content.at));
        break;
      case 'executableCode':
      case 'codeExecutionResult':
        pushText(content, codeText(part.content.value));
        break;
      default:
    }
  }
  if (content.length === 0 && results.length === 0) content.push({ type: 'text', text: '' });
  return content.length > 0 ? [...results, { role: 'user', content }] : results;
}

/** The text of a system instruction, which may be a text or a content; undefined where it says nothing. */
export function readSystemInstruction({ value, at }: Field): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (!isObject(value)) throw invalid(at, `must be a content, not ${quote(value)}`);
  const texts: string[] = [];
  for (const item of items(partsOf(value, at))) {
    const { kind, content } = readPart(item);
    if (kind !== 'text') throw invalid(content.at, 'must be text: a system instruction holds nothing else');
    const text = textOf(content.value, content.at);
    if (text !== '') texts.push(text);
  }
  return texts.length > 0 ? texts.join('\n\n') : undefined;
}

function partsOf(content: unknown, at: string): Field {
  const parts = field(content as Record<string, unknown>, 'parts', at);
  if (parts.value === undefined || Array.isArray(parts.value) || isObject(parts.value)) return parts;
  throw invalid(parts.at, `must be an array, not ${quote(parts.value)}`);
}

function pushText(content: UserPart[], text: string): void {
  if (text !== '') content.push({ type: 'text', text });
}

function unasked(at: string, id: string | null | undefined, name: string | null | undefined): Error {
  const place = id ? below(at, 'id') : name ? below(at, 'name') : at;
  return invalid(place, 'answers no open call: it must follow the turn of the model that made its call');
}

function pairingError({ kind, id }: PairingFault, at: string): Error {
  if (kind === 'repeated')
    return invalid(below(at, 'id'), `repeats the id ${quote(id)}: each call of a turn needs its own`);
  return invalid(at, 'is a call without a response: a functionResponse must answer it before the next turn');
}

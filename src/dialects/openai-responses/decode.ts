import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import type { Operation } from '../../core/operation.ts';
import type { DecodeContext } from '../decode-context.ts';
import { invalid, isObject, quote, read } from '../read.ts';
import { askForSummary } from './compaction.ts';
import { inputPlaces } from './history.ts';
import { findIgnored } from './ignored.ts';
import { readInput } from './input.ts';
import { userMessages } from './input-item-list.ts';
import type { CompactOptions, ResponsesOptions } from './options.ts';
import type { Reading } from './reading.ts';
import { readEcho } from './request-echo.ts';
import { readSettings } from './settings.ts';
import { selectTools } from './tool-choice.ts';
import { ToolNames } from './tool-names.ts';
import { readTools } from './tools.ts';

const wireBody = z.object({
  model: z.string().min(1).max(256),
  stream: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
});

/** What stands for a conversation that is kept elsewhere: without it the rest of the body means something else. */
const elsewhere = ['conversation', 'prompt'];

/**
 * Reads the body of a request. `input` must hold the whole conversation: that of `previous_response_id` has been put
 * before it by then. Throws `invalid-request`, `unsupported-parameter` or `invalid-image`, naming the field.
 */
export function decode(body: unknown, context: DecodeContext): Operation<ResponsesOptions> {
  const operation = readRequest(body, context);
  return operation.options.compacts ? askForSummary(operation) : operation;
}

/** Reads the body of a request to compact a conversation. */
export function decodeCompact(body: unknown, context: DecodeContext): Operation<CompactOptions> {
  const operation = askForSummary(readRequest(body, context));
  const kept = isObject(body) ? userMessages(body.input) : [];
  return { ...operation, stream: false, options: { ...operation.options, kept } };
}

/** Reads the body of a request to count the tokens of its input. */
export function decodeTokenCount(body: unknown, context: DecodeContext): Operation<ResponsesOptions> {
  return { ...readRequest(body, context), kind: 'count-tokens', stream: false };
}

function readRequest(body: unknown, { limits }: DecodeContext): Operation<ResponsesOptions> {
  if (!isObject(body)) throw invalid('', `must be a JSON object, not ${quote(body)}`);
  const { model, stream, include } = read(wireBody, body, '');
  for (const name of elsewhere) {
    if (body[name] === undefined || body[name] === null) continue;
    const message = `'${name}' names what this server does not keep: send its content as 'input'.`;
    throw new GatewayError('unsupported-parameter', message, { param: name });
  }
  const echo = readEcho(body);
  if (echo.background && !echo.store) throw invalid('background', "needs an answer that is stored: leave out 'store'");

  const reading: Reading = {
    limits,
    names: new ToolNames(),
    placeOf: inputPlaces(body),
    images: 0,
    places: new Map(),
    ignored: new Set(findIgnored(body)),
    found: new Map(),
    compacts: false,
  };
  const set = readTools(body.tools, body.input, reading);
  const conversation = readInput(body.input, echo.instructions ?? '', reading).build();
  const { tools, choice, webSearch } = selectTools(set, body.tool_choice, reading);
  const { values, asked } = readSettings(body, reading);
  if (choice) {
    values.toolChoice = choice;
    asked.toolChoice = 'tool_choice';
  }
  if (webSearch !== undefined) {
    values.webSearch = true;
    asked.webSearch = webSearch;
  }
  // Clients that never send tools forbid parallel calls all the same.
  if (tools.length === 0) delete asked.parallelToolCalls;
  return {
    kind: 'generate',
    request: { model, ...conversation, tools, ...values },
    choices: 1,
    stream: stream === true,
    asked,
    ignored: [...reading.ignored],
    places: reading.places,
    options: {
      request: echo,
      summaries: echo.reasoning.summary !== null,
      encryptedReasoning: !echo.store || (include ?? []).includes('reasoning.encrypted_content'),
      names: reading.names,
      compacts: reading.compacts,
    },
  };
}

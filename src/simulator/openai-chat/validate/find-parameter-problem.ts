import type { JsonObject } from '../../json.ts';
import { invalid, type Problem } from './problem.ts';

/** What other model APIs call what this one has under another name. */
const FOREIGN = [
  'contents',
  'input',
  'instructions',
  'max_output_tokens',
  'stop_sequences',
  'system',
  'thinking_config',
];

/** Everything but messages, tools and formats. */
export function findParameterProblem(body: JsonObject): Problem | undefined {
  const { model, stream, stream_options: options, max_tokens: tokens, max_completion_tokens: completionTokens } = body;
  if (typeof model !== 'string' || model === '') {
    return { message: 'you must provide a model parameter', param: null, code: null };
  }
  const foreign = FOREIGN.find((name) => name in body);
  if (foreign) return invalid(foreign, `Unknown parameter: '${foreign}'.`, 'unknown_parameter');
  if (options !== undefined && options !== null && stream !== true) {
    return invalid('stream_options', "The 'stream_options' parameter is only allowed when 'stream' is enabled.", null);
  }
  if (isSet(tokens) && isSet(completionTokens)) {
    const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
    return { message, param: null, code: 'invalid_parameter_combination' };
  }
  return (
    findNumberProblem(body, 'max_tokens', { least: 1, integer: true }) ??
    findNumberProblem(body, 'max_completion_tokens', { least: 1, integer: true }) ??
    findNumberProblem(body, 'thinking_budget', { least: 1, integer: true }) ??
    findNumberProblem(body, 'temperature', { least: 0, most: 2 }) ??
    findNumberProblem(body, 'top_p', { least: 0, most: 1 }) ??
    findNumberProblem(body, 'presence_penalty', { least: -2, most: 2 }) ??
    findNumberProblem(body, 'frequency_penalty', { least: -2, most: 2 }) ??
    findFlagProblem(body, 'stream') ??
    findFlagProblem(body, 'enable_thinking') ??
    findFlagProblem(body, 'enable_search') ??
    findStopProblem(body.stop)
  );
}

interface Range {
  readonly least: number;
  readonly most?: number;
  readonly integer?: true;
}

function findNumberProblem(body: JsonObject, name: string, { least, most, integer }: Range): Problem | undefined {
  const value = body[name];
  if (!isSet(value)) return undefined;
  const kind = integer ? 'integer' : 'decimal';
  if (typeof value !== 'number' || (integer && !Number.isInteger(value))) {
    return invalid(
      name,
      `Invalid type for '${name}': expected ${kind}, but got ${typeof value} instead.`,
      'invalid_type',
    );
  }
  if (value < least) {
    const message = `Invalid '${name}': ${kind} below minimum value. Expected a value >= ${least}, but got ${value} instead.`;
    return invalid(name, message, `${kind}_below_min_value`);
  }
  if (most !== undefined && value > most) {
    const message = `Invalid '${name}': ${kind} above maximum value. Expected a value <= ${most}, but got ${value} instead.`;
    return invalid(name, message, `${kind}_above_max_value`);
  }
  return undefined;
}

function findFlagProblem(body: JsonObject, name: string): Problem | undefined {
  const value = body[name];
  return isSet(value) && typeof value !== 'boolean'
    ? invalid(name, `Invalid type for '${name}': expected a boolean, but got ${typeof value} instead.`, 'invalid_type')
    : undefined;
}

function findStopProblem(stop: unknown): Problem | undefined {
  const sequences = Array.isArray(stop) ? stop : [stop ?? ''];
  return sequences.every((sequence) => typeof sequence === 'string')
    ? undefined
    : invalid('stop', "Invalid type for 'stop': expected a string or an array of strings.", 'invalid_type');
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

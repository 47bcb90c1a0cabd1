import { elements, isObject, type JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { findFormatProblem } from './find-format-problem.ts';
import { findInputProblem } from './find-input-problem.ts';
import { findNumberProblem } from './find-number-problem.ts';
import { findPairingProblem } from './find-pairing-problem.ts';
import { findToolsProblem } from './find-tools-problem.ts';
import { missing, problem, unknown, unsupported, wrongType } from './problems.ts';

/** `client_metadata` is not in the documentation, but every request of Codex has it. */
const PARAMETERS = new Set(
  `access_programs background client_metadata context_management conversation image include input instructions
  max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
  prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
  stream_options temperature text tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);

const INCLUDABLE = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const SUMMARIES = ['auto', 'concise', 'detailed'];

/** What the real API would refuse a request for, in its words; undefined for a good request. */
export function findProblem(body: JsonObject, mayBeEmpty = false): ApiError | undefined {
  return (
    findParameterProblem(body, mayBeEmpty) ??
    findNumberProblem(body) ??
    findInputProblem(body.input) ??
    findPairingProblem(body.input) ??
    findToolsProblem(body) ??
    findReasoningProblem(body) ??
    findFormatProblem(body)
  );
}

function findParameterProblem(body: JsonObject, mayBeEmpty: boolean): ApiError | undefined {
  const { model, input, include, stream, instructions, previous_response_id: previous } = body;
  const stranger = Object.keys(body).find((name) => !PARAMETERS.has(name));
  if (stranger !== undefined) return unknown(stranger);
  if (model === undefined || model === '') return missing('model');
  if (typeof model !== 'string') return wrongType(model, 'a string', 'model');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    return wrongType(stream, 'a boolean', 'stream');
  }
  if (instructions !== undefined && instructions !== null && typeof instructions !== 'string') {
    return wrongType(instructions, 'a string', 'instructions');
  }
  // Nothing is kept here: what a connection remembers has been put in by now.
  if (typeof previous === 'string') {
    const message = `Previous response with id '${previous}' not found.`;
    return problem(message, 'previous_response_id', 'previous_response_not_found');
  }
  for (const [index, name] of elements(include).entries()) {
    if (!INCLUDABLE.includes(String(name))) return unsupported(name, INCLUDABLE, `include[${index}]`);
  }
  if (input === undefined || input === null || (!mayBeEmpty && Array.isArray(input) && input.length === 0)) {
    const message = `One of "input" or "previous_response_id" or 'prompt' or 'conversation_id' must be provided.`;
    return problem(message, 'input', 'missing_required_parameter');
  }
  return undefined;
}

function findReasoningProblem({ reasoning }: JsonObject): ApiError | undefined {
  if (reasoning === undefined || reasoning === null) return undefined;
  if (!isObject(reasoning)) return wrongType(reasoning, 'an object', 'reasoning');
  const { effort, summary } = reasoning;
  if (effort !== undefined && effort !== null && !EFFORTS.includes(String(effort))) {
    return unsupported(effort, EFFORTS, 'reasoning.effort');
  }
  if (summary !== undefined && summary !== null && !SUMMARIES.includes(String(summary))) {
    return unsupported(summary, SUMMARIES, 'reasoning.summary');
  }
  return undefined;
}

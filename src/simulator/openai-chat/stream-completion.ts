import type { Action } from '../answer.ts';
import { pieces } from '../pieces.ts';
import type { ContentStep, Plan } from '../plan-script.ts';
import { annotations } from './annotations.ts';
import { type CompletionContext, completionHead } from './completion-context.ts';
import { streamedError } from './error-answer.ts';
import { finishReason } from './finish-reason.ts';
import { measureUsage } from './measure-usage.ts';
import { toolCall } from './tool-call.ts';

const ARGUMENT_CHUNK = 16;

/** A completion as server-sent events. It starts with the first content, so that what is scripted before comes before. */
export function* streamCompletion(plan: Plan, context: CompletionContext): Generator<Action> {
  const head = JSON.stringify(completionHead(context, 'chat.completion.chunk')).slice(0, -1);
  const usage = context.includeUsage ? ',"usage":null' : '';
  const chunk = (delta: string, reason: string | null = null) =>
    `data: ${head},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]${usage}}\n\n`;
  const start = chunk('{"role":"assistant","content":""}');
  let started = false;
  let calls = 0;
  for (const step of plan.steps) {
    if (step.type === 'wait' || step.type === 'cut' || step.type === 'hang') {
      yield step;
      continue;
    }
    if (step.type === 'raw') {
      yield step.bytes;
      continue;
    }
    if (!started) yield start;
    started = true;
    if (step.type === 'error') {
      yield `data: ${streamedError(step.errorType, step.message)}\n\n`;
      return;
    }
    let first = true;
    for (const delta of deltas(step, calls, context)) {
      if ('delay' in step && step.delay && !first) yield { type: 'wait', milliseconds: step.delay };
      first = false;
      yield chunk(delta);
    }
    if (step.type === 'call') calls++;
  }
  if (!started && plan.steps.some((step) => step.type === 'raw')) return;
  if (!started) yield start;
  const cited = annotations(plan.steps);
  if (cited.length > 0) yield chunk(JSON.stringify({ annotations: cited }));
  yield chunk('{}', finishReason(plan.finish.reason));
  if (context.includeUsage) {
    yield `data: ${head},"choices":[],"usage":${JSON.stringify(measureUsage(plan, context.inputSize))}}\n\n`;
  }
  yield 'data: [DONE]\n\n';
}

/** JSON of each delta of a step, made while it is sent. A search leaves no trace but the citations. */
function* deltas(step: ContentStep, index: number, { newId }: CompletionContext): Generator<string> {
  switch (step.type) {
    case 'text':
      for (const piece of pieces(step.text, step.chunkSize)) yield `{"content":${JSON.stringify(piece)}}`;
      return;
    case 'thinking':
      for (const piece of pieces(step.text, step.chunkSize)) {
        yield `{"content":null,"reasoning_content":${JSON.stringify(piece)}}`;
      }
      return;
    case 'call':
      yield JSON.stringify({ tool_calls: [{ index, ...toolCall(step, newId, '') }] });
      for (const piece of pieces(JSON.stringify(step.arguments), step.chunkSize ?? ARGUMENT_CHUNK)) {
        yield `{"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(piece)}}}]}`;
      }
  }
}

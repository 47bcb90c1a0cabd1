import type { Completion } from '../../core/completion.ts';
import type { AnswerContext } from '../dialect.ts';
import { answerHead, echoOf, finishReasons, type TextCompletion, toUsage } from './answer.ts';
import type { CompletionOptions } from './decode.ts';

/** The answer as one object, a choice for each completion. */
export function whole(completions: Completion[], context: AnswerContext<CompletionOptions>): TextCompletion {
  return {
    ...answerHead(context),
    model: completions[0]?.model || context.model,
    choices: completions.map((completion, index) => ({
      text: echoOf(context.options, index) + textOf(completion),
      index,
      logprobs: null,
      finish_reason: finishReasons[completion.reason],
    })),
    usage: toUsage(
      completions.map(({ usage }) => usage),
      context.options,
    ),
  };
}

function textOf({ message }: Completion): string {
  return message.content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
}

import { z } from 'zod';
import { GatewayError } from '../../core/error.ts';
import type { Operation } from '../../core/operation.ts';
import type { GenerateRequest } from '../../core/request.ts';
import { readSettings } from '../openai-chat/parameters.ts';
import { anything, invalid, isObject, quote, read } from '../read.ts';
import { readPrompts } from './prompts.ts';

/** What the answer needs to know of its request. */
export interface CompletionOptions {
  /** The stream ends with a chunk of token counts. */
  includeUsage: boolean;
  /** The choices of one prompt stand together. */
  choicesPerPrompt: number;
  /** With what the text of each prompt's choices begins; left out where they do not repeat it. */
  echoes?: readonly string[];
}

const wireBody = z.object({
  model: z.string().min(1).max(256),
  prompt: anything,
  suffix: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(8).nullish(),
  best_of: z.int().min(1).max(20).nullish(),
  echo: z.boolean().nullish(),
});

/**
 * Reads the body of a text completion request: each prompt is what a user says. Throws `invalid-request`, naming the
 * field, and `unsupported-parameter` for a suffix. Where the API itself would stop after 16 tokens, a body that names no
 * limit has none here: models that reason would have said nothing by then.
 */
export function decode(body: unknown): Operation<CompletionOptions> {
  if (!isObject(body)) throw invalid('', `must be a JSON object, not ${quote(body)}`);
  const wire = read(wireBody, body, '');
  if (wire.suffix) throw unsupported('suffix', 'text can be continued here, but not filled in before a suffix');
  const prompts = readPrompts(wire.prompt);
  const choices = wire.n ?? 1;
  if (wire.best_of && wire.best_of < choices) throw invalid('best_of', `must be at least 'n', which is ${choices}`);
  const { values, asked } = readSettings(body);
  // Without tools there is nothing to do in parallel.
  delete values.parallelToolCalls;
  delete asked.parallelToolCalls;
  const [request = toRequest(''), ...further] = prompts.map(toRequest);
  function toRequest(prompt: string): GenerateRequest {
    const messages: GenerateRequest['messages'] = [{ role: 'user', content: [{ type: 'text', text: prompt }] }];
    return { model: wire.model, messages, tools: [], ...values };
  }
  return {
    kind: 'generate',
    request,
    ...(further.length > 0 && { further }),
    choices,
    stream: wire.stream === true,
    asked,
    ignored: findIgnored(body, choices),
    places: new Map(),
    options: {
      includeUsage: wire.stream_options?.include_usage === true,
      choicesPerPrompt: choices,
      ...(wire.echo && { echoes: prompts }),
    },
  };
}

/** Names of what the body asks for in vain. */
function findIgnored(body: Record<string, unknown>, choices: number): string[] {
  const { best_of: bestOf, logprobs, logit_bias: bias } = body;
  return [
    ...(typeof bestOf === 'number' && bestOf > choices ? ['best_of'] : []),
    ...(typeof logprobs === 'number' || logprobs === true ? ['logprobs'] : []),
    ...(isObject(bias) && Object.keys(bias).length > 0 ? ['logit_bias'] : []),
  ];
}

function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported-parameter', `'${param}' is not supported: ${why}.`, { param });
}

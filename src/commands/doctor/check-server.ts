import { z } from 'zod';
import { type Check, runCheck } from './check.ts';
import { readData } from './read-data.ts';
import { createServerClient } from './server-client.ts';

const unknownModel = 'a-model-that-nobody-has';

const modelList = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });
const completion = z.object({
  object: z.literal('chat.completion'),
  choices: z.array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })).min(1),
});
const chunk = z.object({
  object: z.literal('chat.completion.chunk'),
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })),
});
const failure = z.object({ error: z.object({ message: z.string().min(1) }) });

/**
 * Tries a running server that speaks OpenAI's chat completions, with the model given or the first that it lists. Checks
 * come as they are done; none follows where there is nothing to ask for.
 */
export async function* checkServer(options: { url: string; key?: string; model?: string }): AsyncGenerator<Check> {
  const server = createServerClient(options);
  const chat = (model: string, extra: object = {}) => {
    const messages = [{ role: 'user', content: 'Answer with the one word: ready' }];
    return ['/v1/chat/completions', { model, messages, ...extra }] as const;
  };

  yield await runCheck('GET /health', async () => {
    const response = await server.send('/health');
    await response.body?.cancel();
    if (response.status === 404) return 'not there: only clis-wrapper must have it';
    if (!response.ok) throw new Error(`${response.status}`);
    return `${response.status}`;
  });

  let { model = '' } = options;
  const listed = await runCheck('GET /v1/models', async () => {
    const { data } = parse(modelList, await (await server.ask('/v1/models')).json());
    model ||= data[0]?.id ?? '';
    return `${data.length} listed, trying ${model}`;
  });
  yield listed;
  if (model === '' || listed.detail.startsWith('401')) return;

  yield await runCheck('a whole answer', async () => {
    const { choices } = parse(completion, await (await server.ask(...chat(model))).json());
    return quote(choices[0]?.message.content ?? '');
  });

  yield await runCheck('a streamed answer', async () => {
    const response = await server.ask(...chat(model, { stream: true }));
    const pieces: string[] = [];
    for await (const data of readData(response.body ?? new ReadableStream())) {
      if (data === '[DONE]') return `${quote(pieces.join(''))} in ${pieces.length} pieces`;
      const content = parse(chunk, JSON.parse(data)).choices[0]?.delta.content;
      if (content) pieces.push(content);
    }
    throw new Error('the stream ends without "data: [DONE]"');
  });

  yield await runCheck('the error for an unknown model', async () => {
    const response = await server.send(...chat(unknownModel));
    const { status } = response;
    if (status < 400 || status > 499) throw new Error(`${status} instead of a status from 400 to 499`);
    return `${status}: ${parse(failure, await response.json()).error.message}`;
  });
}

function parse<T>(shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`not in OpenAI's shape: ${issue?.path.join('.')}: ${issue?.message}`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

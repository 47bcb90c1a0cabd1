import { ask } from './ask.ts';

interface ModelEvent {
  readonly type: string;
}

/** Milliseconds until the first text when the model API is asked directly: what no road can do without. */
export async function askModelApi(url: string, options: { model: string; prompt: string }): Promise<number> {
  const { sentAt, firstAt } = await ask<ModelEvent>(`${url}/v1/messages`, {
    headers: { 'x-api-key': 'sk-bench', 'anthropic-version': '2023-06-01' },
    body: {
      model: options.model,
      max_tokens: 1000,
      messages: [{ role: 'user', content: options.prompt }],
      stream: true,
    },
    isContent: ({ type }) => type === 'content_block_delta',
  });
  return firstAt - sentAt;
}

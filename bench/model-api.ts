import { ask } from './ask.ts';
import type { DirectRequest } from './subject.ts';

/** Milliseconds until the first text when the model API is asked directly: what no road can do without. */
export async function askModelApi(url: string, request: DirectRequest): Promise<number> {
  const { path, headers, body, isContent } = request;
  const { sentAt, firstAt } = await ask(`${url}${path}`, { headers, body, isContent });
  return firstAt - sentAt;
}

import { now } from './clock.ts';

/** One streamed answer; times in milliseconds since 1970. */
export interface Asked<Data> {
  readonly sentAt: number;
  /** When the first piece of the answer itself was here: text, or a tool call. */
  readonly firstAt: number;
  readonly data: readonly Data[];
}

/** Posts the body and reads the event stream to its end. Rejects on an error status and on a stream without content. */
export async function ask<Data>(
  url: string,
  options: { headers?: Readonly<Record<string, string>>; body: object; isContent: (data: Data) => boolean },
): Promise<Asked<Data>> {
  const body = JSON.stringify(options.body);
  const sentAt = now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body,
  });
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const data: Data[] = [];
  let firstAt: number | undefined;
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const at = now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
      const piece = JSON.parse(line.slice('data: '.length)) as Data;
      data.push(piece);
      if (firstAt === undefined && options.isContent(piece)) firstAt = at;
    }
  }
  if (firstAt === undefined) throw new Error(`${url}: an answer without content: ${JSON.stringify(data)}`);
  return { sentAt, firstAt, data };
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Frame } from '../stream/sse.ts';
import { type FrameStreamOptions, writeFrameStream } from './frame-stream.ts';
import { elapsedMs } from './request-record.ts';

/** Answers a request with frames, from its headers to its end. */
export async function sendFrames(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  frames: AsyncIterable<Frame>,
  options: FrameStreamOptions,
): Promise<void> {
  const { record } = request;
  reply.headers({ ...options.framing.headers, 'openai-processing-ms': elapsedMs(record) });
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  record.error = await writeFrameStream(reply.raw, frames, options);
}

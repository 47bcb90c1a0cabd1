import type { FastifyRequest } from 'fastify';
import type { DecodeContext } from '../dialects/decode-context.ts';
import type { RequestLimits } from '../dialects/dialect.ts';

/** What a dialect may read of this request beside its body. Of what is said twice, the first counts. */
export function decodeContextOf(request: FastifyRequest, { images }: RequestLimits): DecodeContext {
  const { '*': target } = request.params as { '*'?: string };
  return {
    limits: { images },
    parameters: target === undefined ? {} : { target },
    query: firstOf(request.query as Record<string, string | string[]>),
    headers: firstOf(request.headers),
  };
}

function firstOf(values: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first]];
    }),
  );
}

import type { FastifyRequest } from 'fastify';

/** Who asks. Everybody who comes this far has been let in. */
export function callerOf({ record }: FastifyRequest): string {
  return record.caller ?? 'local';
}

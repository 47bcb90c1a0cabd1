import { GatewayError } from '../../core/error.ts';
import type { StoredResponse } from '../../core/stored-response.ts';
import { failureDetails } from '../../dialects/openai-responses/failure-details.ts';

/** The process that makes an answer in the background, in what is stored of it meanwhile. */
const makerKey = 'made_by_process';

/** For what follows the end of an answer. */
const graceMs = 10_000;

const interruption = new GatewayError('internal', 'The server was restarted while this response was being made.');

/** Whether an answer is not there yet. */
export function isUnderway({ response }: StoredResponse): boolean {
  return response.status === 'queued' || response.status === 'in_progress';
}

/** An answer that is being made by this process, as it is to be stored. */
export function underway(stored: StoredResponse): StoredResponse {
  return { ...stored, response: { ...stored.response, [makerKey]: process.pid } };
}

/**
 * A response as it was stored, or as failed where it was being made by a server that is gone: no answer takes longer than
 * `longestMs`.
 */
export function settled(
  stored: StoredResponse,
  { isMadeHere, longestMs }: { isMadeHere: boolean; longestMs: number },
): StoredResponse {
  if (!isUnderway(stored)) return stored;
  const { [makerKey]: maker, ...response } = stored.response;
  if (isMadeHere) return { ...stored, response };
  const isLate = Date.now() - stored.createdAt.getTime() > longestMs + graceMs;
  if (!isLate && typeof maker === 'number' && maker !== process.pid && isAlive(maker)) return { ...stored, response };
  return { ...stored, response: { ...response, status: 'failed', error: failureDetails(interruption) } };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

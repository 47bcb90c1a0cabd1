import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Answer } from './answer.ts';

/** Plays an answer at the pace of its reader, until its end or until `signal` says that the reader is gone. */
export async function deliver(response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  try {
    for (const action of answer.actions) {
      if (typeof action === 'string' || action instanceof Uint8Array) {
        if (!response.write(action)) await once(response, 'drain', { signal });
      } else if (action.type === 'wait') {
        await pause(action.milliseconds, signal);
      } else if (action.type === 'hang') {
        await once(signal, 'abort');
        return;
      } else {
        // What was written before still waits for the end of this turn.
        await pause(0, signal);
        response.destroy();
        return;
      }
    }
    response.end();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return milliseconds > 0 ? setTimeout(milliseconds, undefined, { signal }) : setImmediate(undefined, { signal });
}

import { once } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { SocketAnswer } from './conversation.ts';

/**
 * Plays an answer over a WebSocket at the pace of its reader, until its end or until `signal` says that the reader is
 * gone. Resolves with whether all of it was sent.
 */
export async function deliverMessages(
  socket: WebSocket,
  { actions, fragment }: SocketAnswer,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for (const action of actions) {
      if (signal.aborted) return false;
      if (typeof action === 'string' || action instanceof Uint8Array) {
        await sendMessage(socket, action, fragment);
      } else if (action.type === 'wait') {
        await (action.milliseconds > 0
          ? setTimeout(action.milliseconds, undefined, { signal })
          : setImmediate(undefined, { signal }));
      } else if (action.type === 'hang') {
        await once(signal, 'abort');
        return false;
      } else {
        socket.terminate();
        return false;
      }
    }
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted || socket.readyState !== socket.OPEN) return false;
    throw error;
  }
}

async function sendMessage(socket: WebSocket, message: string | Uint8Array, size = Number.POSITIVE_INFINITY) {
  const bytes = Buffer.from(message);
  let rest = bytes;
  for (; rest.length > size; rest = rest.subarray(size)) {
    await sendFrame(socket, rest.subarray(0, size), false);
    await setImmediate();
  }
  await sendFrame(socket, rest, true);
}

function sendFrame(socket: WebSocket, bytes: Buffer, fin: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, { binary: false, fin }, (error) => (error ? reject(error) : resolve()));
  });
}

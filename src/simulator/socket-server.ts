import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Conversation, SocketAnswer } from './conversation.ts';
import type { NewId } from './create-ids.ts';
import { deliverMessages } from './deliver-messages.ts';
import { describeRequest } from './describe-request.ts';
import { parseJson } from './json.ts';
import type { RecordedRequest } from './recorder.ts';
import type { Script } from './script.ts';
import type { Wire } from './wire.ts';

interface Host {
  record(request: RecordedRequest): void;
  scriptFor(request: RecordedRequest): Script;
  readonly newId: NewId;
}

/** The WebSockets of a simulator. Disposing cuts them all. */
interface SocketServer extends Disposable {
  /** Completes the handshake, then answers one message after the other until the client is gone. */
  accept(handshake: IncomingMessage, head: Buffer, wire: Wire, conversation: Conversation): void;
}

export function createSocketServer(host: Host): SocketServer {
  const server = new WebSocketServer({ noServer: true });
  return {
    accept(handshake, head, wire, conversation) {
      server.handleUpgrade(handshake, handshake.socket, head, (socket) => {
        converse(socket, handshake, wire, conversation, host).catch(() => socket.terminate());
      });
    },
    [Symbol.dispose]() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

async function converse(
  socket: WebSocket,
  handshake: IncomingMessage,
  wire: Wire,
  conversation: Conversation,
  { record, scriptFor, newId }: Host,
): Promise<void> {
  const gone = new AbortController();
  // A client that lets go ends only its own side: that is enough to know.
  for (const event of ['end', 'close']) handshake.socket.once(event, () => gone.abort());
  socket.on('error', () => gone.abort());
  for await (const [message] of on(socket, 'message', { close: ['close'] })) {
    const { promise: closed, resolve } = Promise.withResolvers<Awaited<RecordedRequest['closed']>>();
    const rawBody = String(message);
    const body = conversation.readBody(parseJson(rawBody));
    const request = describeRequest(wire, handshake, { id: newId('req'), rawBody, body, closed });
    record(request);
    let completed = false;
    try {
      completed = await deliverMessages(socket, answer(conversation, request, scriptFor), gone.signal);
    } finally {
      resolve({ at: performance.now(), completed });
    }
  }
}

function answer(conversation: Conversation, request: RecordedRequest, scriptFor: Host['scriptFor']): SocketAnswer {
  try {
    return conversation.answer(request, scriptFor);
  } catch (error) {
    return conversation.failure(String(error));
  }
}

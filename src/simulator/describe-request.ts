import type { IncomingMessage } from 'node:http';
import type { RecordedRequest } from './recorder.ts';
import type { Wire } from './wire.ts';
import { readWrittenConversation } from './written-conversation.ts';

/** What is known of a request apart from its HTTP head, once its whole body is here. */
type Received = Pick<RecordedRequest, 'id' | 'body' | 'rawBody' | 'closed'>;

/** A request to record, just arrived. Over a WebSocket `incoming` is the handshake. */
export function describeRequest(wire: Wire, incoming: IncomingMessage, received: Received): RecordedRequest {
  return {
    ...received,
    api: wire.api,
    method: incoming.method ?? '',
    path: pathOf(incoming),
    query: incoming.url?.split('?').slice(1).join('?') ?? '',
    headers: incoming.headers,
    prompt: readWrittenConversation(wire.readPrompt(received.body)),
    receivedAt: performance.now(),
    clientPort: incoming.socket.remotePort ?? 0,
  };
}

/** The path of a request without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

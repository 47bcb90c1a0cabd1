import type { Action } from './answer.ts';
import type { RecordedRequest } from './recorder.ts';
import type { Script } from './script.ts';

/** An API over one WebSocket: each message of the client is a request. Knows what the connection remembers; no I/O. */
export interface Conversation {
  /** The request body that a message stands for, with all that the message only refers to. */
  readBody(message: unknown): unknown;
  /** Asks for a script only when the request is one that the real API would take. */
  answer(request: RecordedRequest, scriptFor: (request: RecordedRequest) => Script): SocketAnswer;
  /** The answer when the simulator itself failed, for example in a test's script. */
  failure(message: string): SocketAnswer;
}

/** An answer as data. */
export interface SocketAnswer {
  /** Text or bytes are one message each. */
  readonly actions: Iterable<Action>;
  /** Cuts each message into frames of so many bytes. */
  readonly fragment?: number;
}

import type { Answer } from './answer.ts';
import type { Conversation } from './conversation.ts';
import type { NewId } from './create-ids.ts';
import type { Prompt } from './prompt.ts';
import type { RecordedRequest } from './recorder.ts';
import type { Script } from './script.ts';

/** One simulated API: reads its requests and words its answers. No I/O. */
export interface Wire {
  readonly api: RecordedRequest['api'];
  /** Whether a request to this path, without its query, is for this API. */
  serves(path: string): boolean;
  /** Never throws: a body of any shape has a prompt, at worst an empty one. */
  readPrompt(body: unknown): Prompt;
  /** Asks for a script only when the request is one that the real API would take. */
  answer(request: RecordedRequest, scriptFor: (request: RecordedRequest) => Script, newId: NewId): Answer;
  /** The answer when the simulator itself failed, for example in a test's script. */
  failure(request: RecordedRequest, message: string): Answer;
  /** Accepts a WebSocket; undefined: the handshake is answered like any request. Left out: the API has no WebSockets. */
  converse?(handshake: Pick<RecordedRequest, 'path' | 'headers'>, newId: NewId): Conversation | undefined;
}

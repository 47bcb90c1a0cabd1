import type { NewId } from '../create-ids.ts';

/** What a completion takes from its request. */
export interface CompletionContext {
  readonly requestId: string;
  readonly model: string;
  /** The request body's length in characters. */
  readonly inputSize: number;
  readonly newId: NewId;
  /** A stream tells its usage only when asked to. */
  readonly includeUsage: boolean;
}

/** The properties that a completion and each chunk of it begin with. */
export function completionHead({ model, newId }: CompletionContext, object: string): Readonly<Record<string, unknown>> {
  return {
    id: newId('chatcmpl').replace('_', '-'),
    object,
    created: Math.floor(Date.now() / 1000),
    model,
    system_fingerprint: null,
  };
}

/** One answer that may be asked for again, or continued. Items and response are JSON values as the caller saw them. */
export interface StoredResponse {
  id: string;
  /** Whose it is: nobody else can reach it. */
  caller: string;
  createdAt: Date;
  /** The answer that this one continues. */
  previousId: string | undefined;
  /** What this request added to the conversation. */
  input: readonly unknown[];
  /** The response object with its output. */
  response: Record<string, unknown>;
}

/** Where such answers are kept. */
export interface StoredResponses {
  /** Stores a response, or replaces the one of its id. Throws when that is not possible, as on a full disk. */
  put(response: StoredResponse): void;
  get(caller: string, id: string): StoredResponse | undefined;
  /** The conversation that ends with this response, oldest first; undefined when any part of it is gone. */
  conversation(caller: string, id: string): StoredResponse[] | undefined;
  /** False when there is no such response. */
  delete(caller: string, id: string): boolean;
}

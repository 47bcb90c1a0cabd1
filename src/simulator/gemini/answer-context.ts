/** What an answer takes from its request. */
export interface AnswerContext {
  readonly responseId: string;
  readonly model: string;
  /** The request body's length in characters. */
  readonly inputSize: number;
  /** Thoughts are told only to those who ask for them. */
  readonly includeThoughts: boolean;
  /** The pages that the model is said to have read. */
  readonly urls: readonly string[];
}

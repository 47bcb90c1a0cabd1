/** What the answer needs to know of its request. */
export interface MessageOptions {
  /** False where the caller wants of the model's thinking no more than it needs for sending it back. */
  showsThinking: boolean;
}

/** Something that the person at the keyboard can put right: its message is one sentence and all that is said. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

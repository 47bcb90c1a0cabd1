/** What has been met so far in one body, where a later part depends on an earlier one. */
export interface Reading {
  images: number;
  /** How many `function_call`s: they carry no id, so that their results are tied to them by number. */
  functionCalls: number;
}

/** The id made up for the last `function_call`: the same in every request of a conversation. */
export function functionCallId({ functionCalls }: Reading): string {
  return `call_function_${functionCalls}`;
}

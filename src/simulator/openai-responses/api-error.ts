import type { JsonObject } from '../json.ts';

/** An error in OpenAI's words. */
export interface ApiError {
  /** The HTTP status, which WebSocket errors carry too. */
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  /** The field of the request that is wrong, such as `input[0].content`. */
  readonly param?: string;
  /** What an error says beyond the usual four fields. */
  readonly more?: JsonObject;
}

/** The `error` object of a body. */
export function errorObject({ message, type, param, code, more }: ApiError): JsonObject {
  return { message, type, param: param ?? null, code, ...more };
}

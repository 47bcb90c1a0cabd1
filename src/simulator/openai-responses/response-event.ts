/** An event of a streamed response, without its serial number. */
export interface ResponseEvent {
  readonly type: `response.${string}`;
  readonly [key: string]: unknown;
}

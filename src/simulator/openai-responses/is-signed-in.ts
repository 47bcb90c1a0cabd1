import type { RecordedRequest } from '../recorder.ts';

/** Whether a request carries a key or a token; which one does not matter. */
export function isSignedIn({ authorization = '' }: RecordedRequest['headers']): boolean {
  return /^Bearer \S/i.test(authorization);
}

import { randomBytes } from 'node:crypto';

/** Makes an id that is new to its simulator, in the usual style of a prefix and a serial. */
export type NewId = (prefix: string) => string;

/** The same seed gives the same ids in the same order; without one they are new in every process. */
export function createIds(seed: string = randomBytes(5).toString('hex')): NewId {
  let serial = 0;
  return (prefix) => `${prefix}_sim${seed}${String(++serial).padStart(6, '0')}`;
}

import { ResponseStore } from '../../src/store/response-store.ts';

/** A store that ends with the test. */
export function memoryResponses(): ResponseStore {
  return new ResponseStore({ file: ':memory:', maxAgeMs: 3_600_000, maxBytes: 10_000_000 });
}

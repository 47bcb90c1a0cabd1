import { join } from 'node:path';
import { ResponseStore } from './response-store.ts';

export interface StoreSettings {
  store: 'sqlite' | 'memory' | 'off';
  maxAgeMs: number;
  maxBytes: number;
}

/** The store that the settings ask for, if any; its file stands in the state folder. Throws when it cannot be used. */
export function openResponseStore(home: string, { store, ...limits }: StoreSettings): ResponseStore | undefined {
  if (store === 'off') return undefined;
  return new ResponseStore({ file: store === 'memory' ? ':memory:' : join(home, 'responses.sqlite'), ...limits });
}

import type { Action } from './answer.ts';

/** The same bytes in writes of `size` bytes each, every one in a turn of the event loop of its own. */
export function* fragment(actions: Iterable<Action>, size: number): Generator<Action> {
  let pending = Buffer.alloc(0);
  for (const action of actions) {
    if (typeof action !== 'string' && !(action instanceof Uint8Array)) {
      if (pending.length > 0) yield pending;
      pending = Buffer.alloc(0);
      yield action;
      continue;
    }
    pending = Buffer.concat([pending, Buffer.from(action)]);
    for (; pending.length >= size; pending = pending.subarray(size)) {
      yield pending.subarray(0, size);
      yield { type: 'wait', milliseconds: 0 };
    }
  }
  if (pending.length > 0) yield pending;
}

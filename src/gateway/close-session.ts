import type { Session } from '../providers/provider.ts';

/** Closes a session that nobody waits for: how long it takes and whether it resists is its own affair. */
export function closeSession(session: Session): void {
  void Promise.resolve(session[Symbol.asyncDispose]()).catch(() => {});
}

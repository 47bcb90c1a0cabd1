import type { Lane, Provider, Session } from '../../src/providers/provider.ts';

/** What a provider was asked to open, as a server's tests watch it. */
export class ObservedSessions {
  readonly opened: { lane: Lane; session: Session; turns: number }[] = [];

  /** Watches a provider from now on. */
  constructor(provider: Provider) {
    const open = provider.open.bind(provider);
    provider.open = async (lane, signal) => {
      const session = await open(lane, signal);
      const entry = { lane, session, turns: 0 };
      const turn = session.turn.bind(session);
      session.turn = (...given) => {
        entry.turns += 1;
        return turn(...given);
      };
      this.opened.push(entry);
      return session;
    };
  }

  /** Sessions of the lane that no request has used yet. */
  standbys(web: boolean): Session[] {
    return this.opened
      .filter((entry) => entry.lane.web === web && entry.turns === 0 && entry.session.usable)
      .map(({ session }) => session);
  }
}

import type { AgentProcess } from './agent-process.ts';
import type { SessionUpdate } from './wire.ts';

const kinds = new Set(['user_message_chunk', 'agent_message_chunk', 'agent_thought_chunk', 'tool_call']);

/** What an agent still has to tell of a conversation that it has loaded: no part of an answer. */
export interface Replay {
  left: number;
}

/** Whether this is something that was said before. */
export function isReplayed(update: SessionUpdate): boolean {
  return kinds.has(update.sessionUpdate);
}

/** Counts what is replayed until somebody else listens to the session. Begin before the session is loaded. */
export function countReplay(process: AgentProcess, sessionId: string, messages: number): Replay {
  const replay = { left: messages };
  process.listen(sessionId, {
    onUpdate: (update) => {
      if (isReplayed(update)) replay.left -= 1;
    },
    allows: () => false,
  });
  return replay;
}

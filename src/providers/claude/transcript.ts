import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeMessage } from './wire.ts';

/** Writes a conversation as a session file that the CLI can resume. Comes back with the file's path. */
export async function writeTranscript(
  directory: string,
  messages: readonly NativeMessage[],
  options: { version: string; model: string; now: Date },
): Promise<string> {
  const sessionId = randomUUID();
  let parentUuid: string | null = null;
  const lines = messages.map((message) => {
    const uuid = randomUUID();
    const line = {
      parentUuid,
      isSidechain: false,
      type: message.role,
      message:
        message.role === 'user'
          ? message
          : {
              ...message,
              id: `msg_${uuid}`,
              type: 'message',
              model: options.model,
              stop_reason: 'end_turn',
              usage: {},
            },
      uuid,
      timestamp: options.now.toISOString(),
      userType: 'external',
      cwd: directory,
      sessionId,
      version: options.version,
    };
    parentUuid = uuid;
    return JSON.stringify(line);
  });
  const file = join(directory, `${sessionId}.jsonl`);
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/**
 * How many of these messages a session file can bring: it must end in an answer without tool calls. The CLI takes any
 * other end for a turn that was interrupted, and makes up what it thinks is missing.
 */
export function resumable(messages: readonly NativeMessage[]): number {
  return 1 + messages.findLastIndex(({ role, content }) => role === 'assistant' && !content.some(isCall));
}

function isCall({ type }: NativeMessage['content'][number]): boolean {
  return type === 'tool_use';
}

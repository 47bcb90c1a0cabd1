import { randomUUID } from 'node:crypto';
import type { NativeContent } from './contents.ts';

export interface SessionFileOptions {
  id: string;
  /** Where the session runs. */
  directory: string;
  now: Date;
}

/** A conversation as a session file that the CLI resumes: the question stands in it too, so that nothing is left to prompt. */
export function sessionFile(contents: readonly NativeContent[], options: SessionFileOptions): string {
  const { id, directory, now } = options;
  let parentUuid: string | null = null;
  const lines = contents.map(({ kind, parts }) => {
    const uuid = randomUUID();
    const line = {
      uuid,
      parentUuid,
      sessionId: id,
      timestamp: now.toISOString(),
      type: kind,
      cwd: directory,
      message: { role: kind === 'assistant' ? 'model' : 'user', parts },
    };
    parentUuid = uuid;
    return `${JSON.stringify(line)}\n`;
  });
  return lines.join('');
}

/** Where, below its runtime folder, the CLI looks for the session files of a directory. */
export function chatsFolder(directory: string): string {
  return `projects/${directory.replace(/[^A-Za-z0-9]/g, '-')}/chats`;
}

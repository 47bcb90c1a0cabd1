import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';

const interrupted = 130;
/** Who does not answer may not be there: the server starts without a key then, as it does without a terminal. */
const patienceMs = 60_000;

/** Asks at the terminal whether callers shall need a key; a new key of 32 characters when they shall. */
export async function askForKey(streams: {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  timeoutMs?: number;
}): Promise<string | undefined> {
  const terminal = createInterface(streams);
  // Neither Ctrl-C nor Ctrl-D ends the line of the question.
  const endLine = () => streams.output.write('\n');
  terminal.once('SIGINT', () => {
    endLine();
    process.exit(interrupted);
  });
  const closed = new Promise<undefined>((resolve) => {
    terminal.once('close', () => resolve(undefined));
  });
  const timer = setTimeout(() => terminal.close(), streams.timeoutMs ?? patienceMs);
  try {
    const answer = await Promise.race([terminal.question('Enable API key protection? (y/N) '), closed]);
    if (answer === undefined) endLine();
    return /^y(es)?$/i.test(answer?.trim() ?? '') ? randomBytes(24).toString('base64url') : undefined;
  } finally {
    clearTimeout(timer);
    terminal.close();
  }
}

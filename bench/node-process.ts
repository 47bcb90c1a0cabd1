import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A Node program of its own process, so that what is measured does not share an event loop with who measures. */
export interface NodeProcess extends AsyncDisposable {
  readonly pid: number;
  /** What its first line said. */
  readonly url: string;
  /** Sends a line and waits for the one that answers it. */
  ask(line: string): Promise<unknown>;
}

/** Starts the program and waits for its first line, `{"url":…}`. Rejects when it ends before that. */
export async function startNodeProcess(
  file: string,
  options: {
    arguments?: readonly string[];
    environment: Record<string, string>;
    onMessage?: (message: unknown) => void;
  },
): Promise<NodeProcess> {
  const path = new URL(file, import.meta.url).pathname;
  const child = fork(path, [...(options.arguments ?? [])], {
    env: options.environment,
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const { stdin, stdout, pid } = child;
  if (!stdin || !stdout || pid === undefined) throw new Error(`${file} does not start.`);
  if (options.onMessage) child.on('message', options.onMessage);
  const exited = once(child, 'exit');
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${file} ended with code ${(await exited)[0]}.`);
    return JSON.parse(line.value);
  };
  const { url } = (await next()) as { url: string };
  return {
    pid,
    url,
    ask(line) {
      stdin.write(`${line}\n`);
      return next();
    },
    async [Symbol.asyncDispose]() {
      stdin.end();
      child.kill('SIGTERM');
      await exited;
    },
  };
}

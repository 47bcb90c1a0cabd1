import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A way of calling the CLI once per request. */
export interface OneShot {
  readonly id: 'default' | 'streaming' | 'leanest';
  readonly title: string;
  readonly flags: readonly string[];
  readonly environment?: Record<string, string>;
  /** Whether the output so far holds text of the answer. */
  readonly isAnswer: (output: string) => boolean;
}

const hasText = (output: string) => output.trim() !== '';

/** The documented command, the same with its streaming output, and with everything off that a plain answer does not need. */
export const oneShots: readonly OneShot[] = [
  { id: 'default', title: 'one-shot, default flags', flags: [], isAnswer: hasText },
  {
    id: 'streaming',
    title: 'one-shot, default flags, streaming output',
    flags: ['--output-format', 'stream-json', '--include-partial-messages', '--verbose'],
    isAnswer: (output) => output.includes('"text_delta"'),
  },
  {
    id: 'leanest',
    title: 'one-shot, leanest flags',
    flags: [
      '--tools=',
      '--setting-sources=',
      '--strict-mcp-config',
      '--disable-slash-commands',
      '--no-session-persistence',
    ],
    environment: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
    isAnswer: hasText,
  },
];

export function oneShotArguments({ flags }: OneShot, options: { model: string; prompt: string }): string[] {
  return ['-p', options.prompt, '--model', options.model, ...flags];
}

/** Milliseconds from starting the CLI to the first text of its answer on standard output. */
export async function runOneShot(
  shot: OneShot,
  options: { cli: string; model: string; prompt: string; directory: string; environment: Record<string, string> },
): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(options.cli, oneShotArguments(shot, options), {
    cwd: options.directory,
    env: { ...options.environment, ...shot.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  let first: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const at = performance.now();
    output += text;
    if (first === undefined && shot.isAnswer(output)) first = at - startedAt;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || first === undefined) {
    throw new Error(`${shot.title} ended with code ${code}: ${(errors || output).slice(0, 500)}`);
  }
  return first;
}

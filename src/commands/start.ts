import { type Command, InvalidArgumentError } from 'commander';
import { exitCode, exitCodeHelp } from './exit-code.ts';
import { demoSize } from './start/demo-clis.ts';
import { serve } from './start/serve.ts';

interface StartFlags {
  demo?: boolean;
  host?: string;
}

/** `clis-wrapper start [port] [demo]`. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('serve your CLIs on http://127.0.0.1:8000')
    .argument('[what...]', 'a port, which wins over PORT, and the word demo', readWords)
    .option('--demo', `serve demo models too: real CLIs with scripted answers, installed when missing (${demoSize})`)
    .option('--host <address>', 'listen on this address, which wins over HOST')
    .addHelpText('after', exitCodeHelp)
    .action(async (words: Words | undefined, { demo = false, host }: StartFlags) => {
      if (process.platform === 'win32') {
        console.error('clis-wrapper runs on Linux and macOS; on Windows start it inside WSL2.');
        process.exitCode = exitCode.wrong;
        return;
      }
      const { port, demo: demoWord = false } = words ?? {};
      const overrides = { ...(port !== undefined && { PORT: port }), ...(host !== undefined && { HOST: host }) };
      await serve({ overrides, demo: demo || demoWord });
    });
}

interface Words {
  port?: string;
  demo?: true;
}

function readWords(word: string, before: Words | undefined): Words {
  if (word === 'demo') return { ...before, demo: true };
  if (/^\d+$/.test(word) && before?.port === undefined) return { ...before, port: word };
  throw new InvalidArgumentError('It takes one port and the word demo.');
}

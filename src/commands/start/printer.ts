import { styleText } from 'node:util';
import type { Logger } from 'pino';
import type { Output } from './log.ts';

/** Says something to whoever started the program: in a terminal between the log's lines, elsewhere as lines of the log. */
export interface Printer {
  /** `fields` are for programs that read the log. */
  say(lines: readonly string[], fields?: Record<string, unknown>): void;
  /** One sentence that somebody should act upon. */
  warn(sentence: string): void;
}

export function createPrinter({ log, output }: { log: Logger; output: Output }): Printer {
  if (output.isTTY) {
    const write = (text: string) => output.write(`${text}\n\n`);
    return {
      say: (lines) => write(lines.join('\n')),
      warn: (sentence) => write(`${styleText('yellow', 'Warning:')} ${sentence}`),
    };
  }
  return {
    say(lines, fields = {}) {
      lines.forEach((line, index) => {
        log.info(index === 0 ? fields : {}, line.trim());
      });
    },
    warn: (sentence) => log.warn(sentence),
  };
}

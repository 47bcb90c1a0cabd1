import type { Logger } from 'pino';
import type { Output } from './log.ts';

/** Says something to whoever started the program; `fields` are for programs that read it. */
export type Print = (lines: readonly string[], fields?: Record<string, unknown>) => void;

/** In a terminal the lines stand between the log's as they are; elsewhere each is a line of the log. */
export function createPrinter({ log, output }: { log: Logger; output: Output }): Print {
  if (output.isTTY) return (lines) => output.write(`${lines.join('\n')}\n\n`);
  return (lines, fields = {}) => {
    lines.forEach((line, index) => {
      log.info(index === 0 ? fields : {}, line.trim());
    });
  };
}

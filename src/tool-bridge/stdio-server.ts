import { extname, join } from 'node:path';

/** How a program is started. */
export interface StdioProgram {
  command: string;
  args: string[];
  env: { name: string; value: string }[];
}

/** The program that shows the tools behind this door over its standard streams; the URL is a secret and no argument. */
export function stdioProgram(doorUrl: string): StdioProgram {
  const file = join(import.meta.dirname, `stdio-relay${extname(import.meta.filename)}`);
  return { command: process.execPath, args: [file], env: [{ name: 'MCP_DOOR_URL', value: doorUrl }] };
}

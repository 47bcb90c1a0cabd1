import type { z } from 'zod';
import { settingGroups } from '../src/config.ts';

const width = 110;

/** The text of `.env.example`: every setting with its description and its default. */
export function envExample(): string {
  const head = 'Settings of clis-wrapper. Copy this file to .env and take the # away from the lines that you change.';
  const groups = settingGroups.map(({ title, settings }) => {
    const entries = Object.entries<z.ZodType>(settings).map(([name, schema]) => entry(name, schema));
    return [`# ${'-'.repeat(4)} ${title} ${'-'.repeat(width - title.length - 6)}`, ...entries].join('\n\n');
  });
  return `${[comment(head), ...groups].join('\n\n')}\n`;
}

function entry(name: string, schema: z.ZodType): string {
  const { description } = schema;
  if (description === undefined) throw new Error(`${name} has no description.`);
  return `${comment(description)}\n#${name}=${defaultText(schema)}`;
}

/** A variable that has a default is read as if this text had been given. */
function defaultText(schema: z.ZodType): string {
  const { def } = schema as z.ZodPrefault;
  return def.type === 'prefault' ? String(def.defaultValue) : '';
}

function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + 1 > width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

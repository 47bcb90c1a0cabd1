import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AcpAgentEntry, entrySchema, MissingVariable, toEntry } from './entry.ts';

const usualName = 'acp-agents.json';

export interface AgentsFileOptions {
  /** The value of `ACP_AGENTS`. */
  named: string | undefined;
  /** What a relative path starts from. */
  directory: string;
  /** The server's state folder, where the file is looked for when none is named. */
  home: string;
  /** What `$NAME` is taken from. */
  environment: Record<string, string | undefined>;
  /** Ids that other providers have. */
  taken: readonly string[];
}

/** The file cannot be used: one sentence that names it and the field. */
export class AgentsFileError extends Error {
  override readonly name = 'AgentsFileError';
}

/** The agents of the operator's file; none where none is named and none is there. Throws an `AgentsFileError`. */
export function readAgentsFile(options: AgentsFileOptions): AcpAgentEntry[] {
  const { named, directory, home, environment } = options;
  const file = named === undefined ? join(home, usualName) : resolve(directory, named);
  if (named === undefined && !existsSync(file)) return [];
  const fail = (problem: string): never => {
    throw new AgentsFileError(`${named === undefined ? file : `ACP_AGENTS (${file})`} ${problem}.`);
  };
  const list = z.array(entrySchema, 'must be a list of agents').safeParse(parse(file, fail));
  if (!list.success) {
    const [issue] = list.error.issues;
    return fail(`is wrong: ${placeOf(issue?.path ?? [])}${messageOf(issue)}`);
  }
  const entries = list.data.map((written, index) => {
    try {
      return toEntry(written, environment);
    } catch (error) {
      if (!(error instanceof MissingVariable)) throw error;
      return fail(`is wrong: ${placeOf([index, 'env', error.variable])}takes $${error.source}, which is not set`);
    }
  });
  const clash = clashIn(entries, options.taken);
  return clash === undefined ? entries : fail(`is wrong: ${clash}`);
}

function parse(file: string, fail: (problem: string) => never): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(`cannot be read: ${unreadable[code ?? ''] ?? code}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says repeats what stands there, and that may be a key.
    return fail('is not valid JSON');
  }
}

const unreadable: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** `[0].command[1] `, as one would write it. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return place === '' ? '' : `${place} `;
}

/** What is wrong with a field. A value may be a secret: it is never repeated. */
function messageOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return `has no field ${issue.keys.join(', ')}`;
  if (issue?.code === 'invalid_type') return `must be ${words[issue.expected] ?? issue.expected}`;
  if (issue?.code === 'invalid_key') return issue.issues[0]?.message ?? 'has a wrong name';
  return issue?.code === 'invalid_union' ? 'must be a text, true or false' : (issue?.message ?? 'cannot be read');
}

const words: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function clashIn(entries: readonly AcpAgentEntry[], taken: readonly string[]): string | undefined {
  for (const [index, { id, prefix, models }] of entries.entries()) {
    const others = entries.slice(0, index);
    // Their models' names begin so, listed or not.
    const theirs = taken.find((other) => id === other || id.startsWith(`${other}-`));
    if (theirs !== undefined) return `[${index}].id is, or begins with, the name of another provider: ${theirs}`;
    const hidden = taken.find((other) => prefix.startsWith(other));
    if (hidden !== undefined) return `[${index}].prefix begins with the name of another provider: ${hidden}`;
    if (others.some((other) => other.id === id)) return `[${index}].id is given twice`;
    if (prefix === '' && models === undefined) return `[${index}].prefix may be empty only where models are listed`;
    const shared = others.some((other) => prefix !== '' && other.prefix === prefix);
    if (shared) return `[${index}].prefix is given twice`;
  }
  return undefined;
}

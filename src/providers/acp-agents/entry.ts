import { z } from 'zod';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One agent as the operator wrote it down. */
export const entrySchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes'),
  title: z.string().trim().min(1).optional(),
  command: z
    .array(z.string())
    .min(1, 'must name a program')
    .refine(([program]) => program !== '', 'must name a program'),
  env: z.record(z.string().regex(variableName, 'must be the name of a variable'), z.string()).optional(),
  models: z.array(z.string().min(1)).min(1, 'must name a model').optional(),
  prefix: z
    .string()
    .regex(/^([A-Za-z0-9][A-Za-z0-9._@-]*[/:])?$/, 'must be a word that ends in / or :, or nothing')
    .optional(),
  tools: z.boolean().optional(),
  toolServer: z.enum(['http', 'stdio'], 'must be http or stdio').optional(),
  parallelToolCalls: z.boolean().optional(),
  vision: z.boolean().optional(),
  options: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
});

type WrittenEntry = z.output<typeof entrySchema>;

/** One agent as it is run. */
export interface AcpAgentEntry {
  /** Of the provider; as a model name it means the agent's own default model. */
  id: string;
  title: string;
  command: readonly [program: string, ...words: string[]];
  /** What its environment has beside what every program gets. */
  environment: Record<string, string>;
  /** Left out: those that the agent lists. */
  models?: readonly string[];
  /** What its models' names begin with. Empty: only the listed models are its own. */
  prefix: string;
  /** Whether it is shown the caller's tools. */
  tools: boolean;
  /** How it reaches them. Left out: over HTTP where it says that it can. */
  toolServer?: 'http' | 'stdio';
  /** False: one tool call in an answer at the most. */
  parallelToolCalls: boolean;
  /** Whether it takes images. Left out: as it says itself. */
  vision?: boolean;
  /** Settings of each of its sessions, by the ids that it gives them. */
  options: Record<string, string | boolean>;
  /** The `_meta` of each of its sessions: where some agents take what the protocol has no field for. */
  meta?: Record<string, unknown>;
}

/** A variable that an entry takes from our environment, and that is not there. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
  readonly variable: string;
  readonly source: string;

  constructor(variable: string, source: string) {
    super(`${variable} takes ${source}`);
    this.variable = variable;
    this.source = source;
  }
}

/** Fills in what was left out, and what is taken from our environment. Throws a `MissingVariable`. */
export function toEntry(written: WrittenEntry, ours: Record<string, string | undefined>): AcpAgentEntry {
  const { id, title = id, command, env = {}, models, prefix = `${id}/`, options = {}, ...rest } = written;
  return {
    ...rest,
    id,
    title,
    command: command as [string, ...string[]],
    environment: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, resolve(name, value, ours)])),
    ...(models && { models: [...new Set(models)] }),
    prefix,
    tools: written.tools ?? true,
    parallelToolCalls: written.parallelToolCalls ?? true,
    options,
  };
}

/** `$NAME` is ours by that name, `$$` at the beginning a dollar sign, anything else itself. */
function resolve(name: string, value: string, ours: Record<string, string | undefined>): string {
  if (value.startsWith('$$')) return value.slice(1);
  if (!value.startsWith('$') || !variableName.test(value.slice(1))) return value;
  const found = ours[value.slice(1)];
  if (found === undefined || found === '') throw new MissingVariable(name, value.slice(1));
  return found;
}

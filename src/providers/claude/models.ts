import { type Effort, efforts, type Parameter } from '../../core/request.ts';
import type { ModelRecord } from '../provider.ts';
import { webTools } from './command.ts';
import type { NativeModel } from './wire.ts';

const parameters: readonly Parameter[] = [
  'effort',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'toolChoice',
  'parallelToolCalls',
  'outputFormat',
  'webSearch',
];

/** Names that mean a model of Claude Code even while its list is not known. */
const usualAliases: readonly string[] = ['opus', 'sonnet', 'haiku'];

/** Families from before adaptive thinking: they think with a token budget, and only when asked. */
const budgeted =
  /claude-(3|(haiku|sonnet)-4-[0-5](?!\d)|(opus|sonnet)-4-[01](?!\d)|opus-4-5(?!\d)|(opus|sonnet)-4-2\d{7})/;
/** Families that take a temperature: the newer ones refuse it. */
const sampled = /claude-(3|(haiku|sonnet|opus)-4(?!\d|-([7-9]|\d\d)(?!\d)))/;

export function isBudgeted(id: string): boolean {
  return budgeted.test(id);
}

/**
 * The models behind one Claude Code: those that it lists, by id and alias, and any other id of the same prefix, which is
 * passed on and judged by the API. `prefix` is `claude`, or `demo-claude` for a provider that stands beside the user's.
 */
export class ClaudeModels {
  #listed: ModelRecord[] = [];
  #native = new Map<string, string>();
  #limits = new Map<string, { contextWindow?: number; maxOutputTokens?: number }>();
  readonly #prefix: string;
  readonly #ownedBy: string;

  constructor(options: { prefix: string; ownedBy: string }) {
    this.#prefix = options.prefix;
    this.#ownedBy = options.ownedBy;
  }

  get listed(): ModelRecord[] {
    return this.#listed.map((record) => this.#withLimits(record));
  }

  /** Takes over what the CLI offers. */
  update(models: readonly NativeModel[]): void {
    const byId = new Map<string, { model: NativeModel; aliases: string[] }>();
    for (const model of models) {
      const id = model.resolvedModel ?? model.value;
      const entry = byId.get(id) ?? { model, aliases: [] };
      if (model.value !== 'default') entry.model = model;
      const alias = model.value === 'default' ? this.#prefix : this.#alias(model.value);
      if (alias !== this.own(id)) entry.aliases.push(alias);
      byId.set(id, entry);
    }
    this.#native.clear();
    this.#listed = [...byId].map(([id, { model, aliases }]) => {
      for (const name of [this.own(id), ...aliases]) this.#native.set(name, id);
      return this.#record(this.own(id), { native: id, aliases, model });
    });
  }

  /** The record that a name means: a listed id or alias, or any id with the prefix. */
  find(name: string): ModelRecord | undefined {
    const native = this.#native.get(name);
    if (native !== undefined) {
      const listed = this.#listed.find((record) => record.id === this.own(native));
      return listed && this.#withLimits(listed);
    }
    const bare =
      name === this.#prefix || (this.#listed.length === 0 && this.#prefix === 'claude' && usualAliases.includes(name));
    if (!bare && !name.startsWith(`${this.#prefix}-`)) return undefined;
    return this.#withLimits(this.#record(name, { native: this.native(name), aliases: [] }));
  }

  /** The id under which the CLI knows a model of ours. */
  native(name: string): string {
    if (name === this.#prefix && !this.#native.has(name)) return 'default';
    return (
      this.#native.get(name) ?? (this.#prefix === 'claude' ? name : name.slice(this.#prefix.length - 'claude'.length))
    );
  }

  /** What an answer told about its model's limits. */
  learn(native: string, limits: { contextWindow?: number; maxOutputTokens?: number }): void {
    this.#limits.set(native, limits);
  }

  /** The name under which a model of the CLI's is offered. */
  own(id: string): string {
    return id.startsWith('claude') ? this.#prefix + id.slice('claude'.length) : id;
  }

  #withLimits(record: ModelRecord): ModelRecord {
    return { ...record, ...this.#limits.get(this.native(record.id)) };
  }

  #alias(value: string): string {
    if (value.startsWith('claude')) return this.own(value);
    return this.#prefix === 'claude' ? value : `${this.#prefix}-${value}`;
  }

  #record(id: string, options: { native: string; aliases: string[]; model?: NativeModel }): ModelRecord {
    const { native, aliases, model } = options;
    const levels = model?.supportedEffortLevels;
    const canRest = model === undefined || model.supportsThinkingOff !== false;
    const pricing = priceIn(model?.description);
    const supported = isBudgeted(native) ? ['low', 'medium', 'high'] : (levels ?? ['low', 'medium', 'high']);
    return {
      id,
      aliases,
      title: model?.displayName ? `Claude ${model.displayName}` : id,
      ownedBy: this.#ownedBy,
      ...(pricing && { pricing }),
      inputs: { images: true, documents: true, audio: false },
      parameters,
      efforts: efforts.filter((effort: Effort) => (effort === 'none' ? canRest : supported.includes(effort))),
      reasoning: isBudgeted(native) ? 'on-request' : 'by-default',
      sampling: sampled.test(native) ? 'without-reasoning' : 'never',
      samplingTogether: /claude-3/.test(native),
      blankStops: false,
      webTools: true,
      reservedToolNames: webTools,
      parallelToolCalls: true,
    };
  }
}

/** The price that ends a model's description, `· $4/$20 per Mtok`. One that depends on the prompt is left out. */
function priceIn(description = ''): ModelRecord['pricing'] {
  const [, input, output] = /\$(\d+(?:\.\d+)?)\/\$(\d+(?:\.\d+)?) per Mtok$/.exec(description.trim()) ?? [];
  return input === undefined ? undefined : { input: Number(input), output: Number(output) };
}

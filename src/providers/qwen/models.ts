import { type Effort, efforts, type Parameter } from '../../core/request.ts';
import type { SessionModels } from '../acp/wire.ts';
import type { ModelRecord } from '../provider.ts';
import type { ModelEntry, QwenLogin } from './login.ts';

const parameters: readonly Parameter[] = [
  'effort',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'toolChoice',
  'parallelToolCalls',
  'outputFormat',
];

/** What the CLI can tell a model of its thinking, where the user's settings do not say what this one knows. */
const usualEfforts: readonly string[] = ['low', 'medium', 'high', 'xhigh'];
const family = 'qwen';

interface Listed {
  record: ModelRecord;
  native: string;
}

/**
 * The models behind one Qwen Code: those that it lists, and any other id that begins with the prefix, which is passed on
 * and judged by the API. A model of another family stands behind a stroke: `qwen/glm-5`. `prefix` is `qwen`, or
 * `demo-qwen` for a provider that stands beside the user's.
 */
export class QwenModels {
  #listed: Listed[] = [];
  #entries: readonly ModelEntry[] = [];
  #usual: string | undefined;
  readonly #prefix: string;
  readonly #ownedBy: string;

  constructor(options: { prefix: string; ownedBy: string }) {
    this.#prefix = options.prefix;
    this.#ownedBy = options.ownedBy;
  }

  get listed(): ModelRecord[] {
    return this.#listed.map(({ record }) => record);
  }

  /** Takes over what the CLI offers with this login. */
  update(models: SessionModels, login: Pick<QwenLogin, 'method' | 'entries'>): void {
    this.#entries = login.entries;
    const current = parseId(models.currentModelId ?? '');
    const reached = models.availableModels
      .map(({ modelId, name, _meta }) => ({ ...parseId(modelId), name, window: _meta?.contextLimit }))
      .filter(({ method }) => method === undefined || method === login.method);
    this.#usual = current.id || reached[0]?.id;
    this.#listed = reached.map(({ id: native, name, window }) => {
      const record = this.#record(this.own(native), native, name);
      if (native === this.#usual) record.aliases = [this.#prefix, `${this.#prefix}-auto`];
      return { native, record: { ...record, ...(typeof window === 'number' && { contextWindow: window }) } };
    });
  }

  /** The record that a name means: a listed id or alias, or any name with the prefix. */
  find(name: string): ModelRecord | undefined {
    const listed = this.#find(name);
    if (listed !== undefined) return listed.record;
    const rest = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : undefined;
    if (rest === undefined || !/^($|[-/.\d])/.test(rest)) return undefined;
    return this.#record(name, this.native(name) ?? name);
  }

  /** The id under which the CLI knows a model of ours; undefined for the one that it takes by itself. */
  native(name: string): string | undefined {
    const listed = this.#find(name);
    if (listed !== undefined) return listed.native;
    if (name === this.#prefix || name === `${this.#prefix}-auto`) return this.#usual;
    const rest = name.slice(this.#prefix.length);
    return rest.startsWith('/') ? rest.slice(1) : family + rest;
  }

  /** The name under which a model of the CLI's is offered. */
  own(native: string): string {
    return native.startsWith(family) ? this.#prefix + native.slice(family.length) : `${this.#prefix}/${native}`;
  }

  #find(name: string): Listed | undefined {
    return this.#listed.find(({ record }) => record.id === name || record.aliases.includes(name));
  }

  #record(id: string, native: string, title = id): ModelRecord {
    const entry = this.#entries.find((candidate) => candidate.id === native);
    const takes = entry?.generationConfig?.modalities as Record<string, boolean> | undefined;
    return {
      id,
      aliases: [],
      title,
      ownedBy: this.#ownedBy,
      inputs: {
        images: takes?.image ?? takes === undefined,
        documents: takes?.pdf ?? takes === undefined,
        audio: takes?.audio ?? takes === undefined,
      },
      parameters,
      efforts: effortsOf(entry),
      reasoning: 'by-default',
      sampling: 'always',
      samplingTogether: true,
      blankStops: true,
      webTools: false,
      reservedToolNames: [],
      parallelToolCalls: true,
    };
  }
}

function effortsOf(entry: ModelEntry | undefined): readonly Effort[] {
  const { efforts: known = usualEfforts, canDisable = true } = entry?.capabilities?.reasoning ?? {};
  return efforts.filter((effort) => (effort === 'none' ? canDisable : known.includes(effort)));
}

/** `qwen3-max(openai)`, or `$runtime|openai|qwen3-max(openai)` for a model that only the environment names. */
function parseId(text: string): { id: string; method?: string } {
  const [, id = text, method] = /^(?:\$runtime\|[^|]*\|)?(.*?)(?:\(([^()]*)\))?$/s.exec(text) ?? [];
  return { id, ...(method !== undefined && { method }) };
}

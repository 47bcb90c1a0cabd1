import { type Effort, efforts, type Parameter } from '../../core/request.ts';
import type { ModelRecord } from '../provider.ts';
import type { Catalog, CatalogModel } from './catalog.ts';

/** The model API's own web search, as the model is shown it. */
export const webSearchTool = 'web_search';

/** Names of OpenAI's that are passed on even when Codex does not list them: the model API judges them. */
const passedOn = /^(gpt-|codex-|o\d)/;
const usualEfforts: readonly Effort[] = ['low', 'medium', 'high'];

/**
 * The models behind one Codex: those that it knows, and any other name of OpenAI's. `prefix` is `codex`, the name of the
 * default model; with `demo-codex`, for a provider that stands beside the user's, every id begins with `demo-`.
 */
export class CodexModels {
  readonly #prefix: string;
  readonly #decoration: string;
  readonly #ownedBy: string;
  #known: CatalogModel[] = [];

  constructor({ prefix, ownedBy }: { prefix: string; ownedBy: string }) {
    this.#prefix = prefix;
    this.#decoration = prefix.slice(0, -'codex'.length);
    this.#ownedBy = ownedBy;
  }

  /** The models on offer, the default one first. */
  get listed(): ModelRecord[] {
    return this.#offered.map((model) => this.#record(model.slug, model));
  }

  /** Takes over what Codex knows. `full`: every model is asked in the full form of its API. */
  update({ models }: Catalog, { full }: { full: boolean }): void {
    const sorted = models.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
    this.#known = full ? sorted.map((model) => ({ ...model, use_responses_lite: false })) : sorted;
  }

  /** The name under which a model of Codex's is offered. */
  own(native: string): string {
    return this.#decoration + native;
  }

  /** The record that a name means; undefined for names that are not of this provider. */
  find(name: string): ModelRecord | undefined {
    if (name !== this.#prefix && !this.#isOurs(name)) return undefined;
    const native = this.native(name);
    return this.#record(native, this.#model(native));
  }

  /** The id under which Codex knows a model of ours. */
  native(name: string): string {
    if (name === this.#prefix) return this.#offered[0]?.slug ?? 'codex';
    const bare = name.slice(this.#decoration.length);
    const rest = bare.slice('codex-'.length);
    // `codex-gpt-…` is how to say which CLI is meant; `codex-mini` is a model's own name.
    const prefixed = bare.startsWith('codex-') && this.#model(bare) === undefined;
    return prefixed && (passedOn.test(rest) || this.#model(rest) !== undefined) ? rest : bare;
  }

  /** The reasoning effort of a model that is asked for none, where known. */
  defaultEffort(native: string): string | undefined {
    return this.#model(native)?.default_reasoning_level ?? undefined;
  }

  get #offered(): CatalogModel[] {
    return this.#known.filter(({ visibility }) => visibility === 'list');
  }

  #isOurs(name: string): boolean {
    if (!name.startsWith(this.#decoration)) return false;
    const bare = name.slice(this.#decoration.length);
    return passedOn.test(bare) || this.#model(bare) !== undefined;
  }

  #model(native: string): CatalogModel | undefined {
    return this.#known.find(({ slug }) => slug === native);
  }

  #record(native: string, model: CatalogModel | undefined): ModelRecord {
    const isDefault = native === this.#offered[0]?.slug;
    const levels = model?.supported_reasoning_levels?.map(({ effort }) => effort) ?? usualEfforts;
    const isFull = model?.use_responses_lite !== true;
    const parameters: Parameter[] = ['effort', 'toolChoice', 'outputFormat'];
    if (model?.support_verbosity) parameters.push('verbosity');
    if (isFull) parameters.push('webSearch');
    return {
      id: this.own(native),
      aliases: isDefault ? [this.#prefix] : [],
      title: model?.display_name ?? native,
      ownedBy: this.#ownedBy,
      ...(model?.context_window && { contextWindow: model.context_window }),
      inputs: { images: model?.input_modalities?.includes('image') ?? true, documents: false, audio: false },
      parameters,
      efforts: efforts.filter((effort) => levels.includes(effort)),
      reasoning: 'by-default',
      sampling: 'never',
      samplingTogether: false,
      blankStops: false,
      webTools: isFull,
      reservedToolNames: [webSearchTool],
      parallelToolCalls: isFull,
    };
  }
}

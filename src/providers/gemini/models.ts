import { type Effort, efforts, type Parameter } from '../../core/request.ts';
import type { SessionModels } from '../acp/wire.ts';
import type { ModelRecord } from '../provider.ts';
import { effortsOf, withEffort } from './efforts.ts';
import { defaultModel, hasEfforts, webSearchTool } from './native-settings.ts';

const parameters: readonly Parameter[] = [
  'effort',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'toolChoice',
  'outputFormat',
  'webSearch',
];

/** Every Gemini since 2.5. */
const limits = { contextWindow: 1_048_576, maxOutputTokens: 65_536 };

/** A name that lets the CLI choose, for which it asks another model first. */
const chosenByItself = /^auto/;

interface Listed {
  native: string;
  title: string;
  aliases: string[];
}

/**
 * The models behind one Gemini CLI: those that it lists, and any other id of the same prefix, which is passed on and
 * judged by the API. `prefix` is `gemini`, or `demo-gemini` for a provider that stands beside the user's.
 */
export class GeminiModels {
  #listed: Listed[] = [];
  readonly #prefix: string;
  readonly #ownedBy: string;

  constructor(options: { prefix: string; ownedBy: string }) {
    this.#prefix = options.prefix;
    this.#ownedBy = options.ownedBy;
  }

  get listed(): ModelRecord[] {
    return this.#listed.map((listed) => this.#record(this.own(listed.native), listed));
  }

  /** Takes over what the CLI offers. */
  update({ availableModels }: SessionModels): void {
    const offered = availableModels.filter(({ modelId }) => modelId.startsWith('gemini'));
    const usual = offered.find(({ modelId }) => isUsual(modelId)) ?? offered[0];
    this.#listed = offered
      .filter(({ modelId }) => !chosenByItself.test(modelId))
      .map(({ modelId, name = modelId }) => {
        const own = this.own(modelId);
        const others = name !== modelId && name.startsWith('gemini') ? [this.own(name)] : [];
        const aliases = [`models/${own}`, ...others, ...(modelId === usual?.modelId ? [this.#prefix] : [])];
        return { native: modelId, title: title(name), aliases };
      });
  }

  /** The record that a name means: a listed id or alias, or any id with the prefix. */
  find(name: string): ModelRecord | undefined {
    const listed = this.#find(name);
    if (listed !== undefined) return this.#record(this.own(listed.native), listed);
    const bare = name.replace(/^models\//, '');
    if (bare !== this.#prefix && !bare.startsWith(`${this.#prefix}-`)) return undefined;
    const native = this.#native(bare);
    return this.#record(this.own(native), { native, title: title(native), aliases: [`models/${bare}`] });
  }

  /** The CLI's name of a model of ours with this effort. */
  native(name: string, effort: Effort | undefined): string {
    const native = this.#find(name)?.native ?? this.#native(name.replace(/^models\//, ''));
    return hasEfforts(native) ? withEffort(native, effort) : native;
  }

  /** The name under which a model of the CLI's is offered. */
  own(native: string): string {
    return this.#prefix + native.slice('gemini'.length);
  }

  #find(name: string): Listed | undefined {
    return this.#listed.find(({ native, aliases }) => this.own(native) === name || aliases.includes(name));
  }

  #native(name: string): string {
    return name === this.#prefix ? defaultModel : `gemini${name.slice(this.#prefix.length)}`;
  }

  #record(id: string, { native, title, aliases }: Listed): ModelRecord {
    const offered = hasEfforts(native) ? effortsOf(native) : {};
    return {
      id,
      aliases,
      title,
      ownedBy: this.#ownedBy,
      ...limits,
      inputs: { images: true, documents: true, audio: true },
      parameters,
      efforts: efforts.filter((effort) => effort in offered),
      reasoning: 'by-default',
      sampling: 'always',
      samplingTogether: true,
      // The answer is cut here, not by the API.
      blankStops: true,
      webTools: true,
      reservedToolNames: [webSearchTool],
      parallelToolCalls: true,
    };
  }
}

/** What most people mean by Gemini: the fast one that is no preview. */
function isUsual(model: string): boolean {
  return model.endsWith('-flash');
}

/** `gemini-2.5-pro` as people write it. */
function title(name: string): string {
  return name
    .replace(/(^|-)([a-z])/g, (_, dash, letter) => (dash ? ' ' : '') + letter.toUpperCase())
    .replace(/-/g, ' ');
}

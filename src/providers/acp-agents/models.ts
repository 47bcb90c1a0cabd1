import type { Effort, Parameter } from '../../core/request.ts';
import type { ModelRecord } from '../provider.ts';
import type { AcpAgentEntry } from './entry.ts';
import type { OfferedModel } from './session-settings.ts';

/** What an agent has told of itself. */
export interface AgentOffer {
  models: readonly OfferedModel[];
  defaultModel?: string;
  efforts: readonly Effort[];
  images: boolean;
  audio: boolean;
}

const parameters: readonly Parameter[] = ['stop', 'outputFormat', 'parallelToolCalls'];

/** The models behind one agent: those of the operator's file, else those that it lists, and the one that it takes by itself. */
export class AcpAgentModels {
  #entry: AcpAgentEntry;
  #offer: AgentOffer = { models: [], efforts: [], images: false, audio: false };
  #windows = new Map<string, number>();

  constructor(entry: AcpAgentEntry) {
    this.#entry = entry;
  }

  update(offer: AgentOffer): void {
    this.#offer = offer;
  }

  get listed(): ModelRecord[] {
    const { models, id } = this.#entry;
    const natives = models ?? this.#offer.models.map((model) => model.id);
    if (natives.length === 0) return [this.#record(id, undefined)];
    return natives.map((native) => this.#record(this.#own(native), native));
  }

  /** The record that a name means: the agent's id, a listed model, or anything else behind the prefix. */
  find(name: string): ModelRecord | undefined {
    const { id, prefix, models = [] } = this.#entry;
    const { defaultModel } = this.#offer;
    if (name === id) {
      const isListed =
        defaultModel !== undefined && this.listed.some((record) => record.id === this.#own(defaultModel));
      return isListed ? this.#record(this.#own(defaultModel), defaultModel) : this.#record(id, undefined);
    }
    const native = name.slice(prefix.length);
    const isOwn = prefix === '' ? models.includes(name) : name.startsWith(prefix) && native !== '';
    return isOwn ? this.#record(name, native) : undefined;
  }

  /** The agent's own id of a model of ours; undefined for the one that it takes by itself. */
  native(name: string): string | undefined {
    return name === this.#entry.id ? undefined : name.slice(this.#entry.prefix.length);
  }

  /** How much a model can hold, in tokens, as an answer has told. */
  learnWindow(name: string, tokens: number): void {
    this.#windows.set(name, tokens);
  }

  #own(native: string): string {
    return `${this.#entry.prefix}${native}`;
  }

  #record(id: string, native: string | undefined): ModelRecord {
    const { title, vision, parallelToolCalls } = this.#entry;
    const { models, defaultModel, efforts, images, audio } = this.#offer;
    const contextWindow = this.#windows.get(id);
    return {
      id,
      aliases: native !== undefined && native === defaultModel ? [this.#entry.id] : [],
      title: `${models.find((model) => model.id === native)?.name ?? native ?? 'the default model'} (${title})`,
      ownedBy: this.#entry.id,
      ...(contextWindow !== undefined && { contextWindow }),
      inputs: { images: vision ?? images, documents: false, audio },
      parameters: efforts.length > 0 ? [...parameters, 'effort'] : parameters,
      efforts,
      reasoning: 'by-default',
      sampling: 'never',
      samplingTogether: true,
      blankStops: true,
      webTools: false,
      reservedToolNames: [],
      parallelToolCalls,
    };
  }
}

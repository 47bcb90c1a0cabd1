import { GatewayError } from '../../core/error.ts';
import type { Effort } from '../../core/request.ts';
import { efforts as knownEfforts } from '../../core/request.ts';
import { JsonRpcError } from '../../process/json-rpc.ts';
import type { AgentProcess } from '../acp/agent-process.ts';
import type { ConfigOption, ConfigValue, SessionResult } from '../acp/wire.ts';

const settingTimeoutMs = 20_000;

export interface OfferedModel {
  id: string;
  name?: string;
}

/** What one session of an agent lets its client choose: the model, how hard it thinks, and settings of the agent's own. */
export class SessionSettings {
  #process: AgentProcess;
  #sessionId: string;
  #options: ConfigOption[];
  #models: SessionResult['models'];
  #modes: SessionResult['modes'];
  #defaults: { model?: string; effort?: string };

  constructor(process: AgentProcess, result: SessionResult) {
    this.#process = process;
    this.#sessionId = result.sessionId ?? '';
    this.#options = result.configOptions ?? [];
    this.#models = result.models;
    this.#modes = result.modes;
    this.#defaults = { model: this.#currentModel, effort: textOf(this.#ofCategory('thought_level')?.currentValue) };
  }

  get models(): OfferedModel[] {
    const option = this.#ofCategory('model');
    if (option !== undefined) return valuesOf(option).map(({ value, name }) => ({ id: value, name }));
    return (this.#models?.availableModels ?? []).map(({ modelId, name }) => ({ id: modelId, name }));
  }

  /** The model that a session has which nobody chose one for. */
  get defaultModel(): string | undefined {
    return this.#defaults.model;
  }

  get efforts(): Effort[] {
    const option = this.#ofCategory('thought_level');
    const values = new Set(option === undefined ? [] : valuesOf(option).map(({ value }) => value));
    return knownEfforts.filter((effort) => values.has(effort));
  }

  /** What the agent has changed by itself. */
  learn(options: ConfigOption[]): void {
    this.#options = options;
  }

  /** Left out: the agent's own default. Throws a `GatewayError` for one that the agent refuses. */
  async chooseModel(model = this.#defaults.model): Promise<void> {
    if (model === undefined || model === this.#currentModel) return;
    const option = this.#ofCategory('model');
    try {
      if (option !== undefined) return await this.#put(option, model);
      await this.#request('session/set_model', { modelId: model });
    } catch (cause) {
      if (!(cause instanceof JsonRpcError)) throw cause;
      throw new GatewayError('model-not-found', 'The agent does not offer this model.', { cause });
    }
    if (this.#models !== undefined) this.#models = { ...this.#models, currentModelId: model };
  }

  async chooseEffort(effort: string | undefined = this.#defaults.effort): Promise<void> {
    const option = this.#ofCategory('thought_level');
    const isOffered = option !== undefined && valuesOf(option).some(({ value }) => value === effort);
    if (option !== undefined && effort !== undefined && isOffered) await this.#put(option, effort);
  }

  /** Settings by the agent's own ids. Throws a `GatewayError` for one that the agent does not have. */
  async choose(wanted: Record<string, string | boolean>): Promise<void> {
    for (const [id, value] of Object.entries(wanted)) {
      const option = this.#options.find((candidate) => candidate.id === id);
      if (option !== undefined) await this.#put(option, value);
      else if (id === 'mode' && this.#modes) await this.#request('session/set_mode', { modeId: value });
      else throw new GatewayError('provider-failed', `The agent has no setting "${id}".`);
    }
  }

  async #put(option: ConfigOption, value: string | boolean): Promise<void> {
    if (option.currentValue === value) return;
    const typed = typeof value === 'boolean' ? { type: 'boolean', value } : { value };
    const answer = await this.#request('session/set_config_option', { configId: option.id, ...typed });
    const options = (answer as { configOptions?: ConfigOption[] } | null)?.configOptions;
    if (options) this.#options = options;
    else option.currentValue = value;
  }

  #request(method: string, params: Record<string, unknown>): Promise<unknown> {
    const timeout = { timeoutMs: settingTimeoutMs };
    return this.#process.request(method, { sessionId: this.#sessionId, ...params }, timeout);
  }

  get #currentModel(): string | undefined {
    return textOf(this.#ofCategory('model')?.currentValue) ?? this.#models?.currentModelId;
  }

  #ofCategory(category: string): ConfigOption | undefined {
    const options = this.#options.filter(({ type }) => type === 'select');
    return options.find((option) => option.category === category) ?? options.find(({ id }) => id === category);
  }
}

function valuesOf({ options = [] }: ConfigOption): ConfigValue[] {
  return options.flatMap((entry) => ('group' in entry ? entry.options : [entry]));
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

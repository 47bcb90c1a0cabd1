import { GatewayError } from '../core/error.ts';
import type { ModelRecord, Provider, ProviderStatus } from '../providers/provider.ts';
import { isMisspelt, isOtherVersion } from './model-names.ts';
import { nearestNames } from './nearest-names.ts';

/** How long a provider that is not ready is believed before it is looked at again for a request. */
const unreadyMaxAgeMs = 5_000;
const inspectTimeoutMs = 30_000;

export interface Route {
  provider: Provider;
  account: string;
  model: ModelRecord;
}

interface Entry {
  provider: Provider;
  status: ProviderStatus | undefined;
  at: number;
  running: Promise<ProviderStatus> | undefined;
}

/** What is known of each provider, and which of them a model name means. */
export class Catalog implements AsyncDisposable {
  #entries: Entry[];
  #closed = new AbortController();
  #onChange: (provider: Provider, status: ProviderStatus) => void;

  /** `onChange` is told of every status that differs from the one before. */
  constructor(providers: readonly Provider[], onChange: (provider: Provider, status: ProviderStatus) => void) {
    this.#entries = providers.map((provider) => ({ provider, status: undefined, at: 0, running: undefined }));
    this.#onChange = onChange;
  }

  get providers(): { provider: Provider; status: ProviderStatus | undefined }[] {
    return this.#entries;
  }

  /** Models of the providers that are ready. */
  get models(): ModelRecord[] {
    return this.#entries.flatMap(({ status, provider }) =>
      status?.state === 'ready' ? status.models.map((model) => provider.model(model.id) ?? model) : [],
    );
  }

  /** Looks at every provider afresh. */
  async inspect(): Promise<void> {
    await Promise.all(this.#entries.map((entry) => this.#inspect(entry)));
  }

  /**
   * Whom a model name means; fails when it means nobody, or somebody who cannot answer. A name that only its provider's
   * API can judge is passed on, unless it is plainly a misspelt one.
   */
  async route(name: string): Promise<Route> {
    const route = await this.#find(name);
    if (!route.listed && isMisspelt(name, this.#listedBy(route.provider))) throw this.#unknown(name);
    return route;
  }

  /** The record of a model that is listed, or is another version of a listed one; fails like `route`. */
  async model(name: string): Promise<ModelRecord> {
    const { provider, model, listed } = await this.#find(name);
    const names = this.#listedBy(provider);
    if (!listed && names.length > 0 && !isOtherVersion(name, names)) throw this.#unknown(name);
    return model;
  }

  /** A question with the names that were probably meant; for a model that its own API does not know, too. */
  hint(name: string): string {
    const names = this.models.flatMap((model) => [model.id, ...model.aliases]).filter((known) => known !== name);
    const near = nearestNames(name, names);
    return near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'GET /v1/models lists what there is.';
  }

  /** Stops the looks that are under way; nobody is told of their outcome. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#entries.map(({ running }) => running));
  }

  /** Looks again at a provider whose session could not be opened: it may have been removed, or signed out. Fails if so. */
  async recheck(provider: Provider): Promise<void> {
    const entry = this.#entries.find((candidate) => candidate.provider === provider);
    if (entry === undefined || Date.now() - entry.at < unreadyMaxAgeMs) return;
    const status = await this.#inspect(entry);
    if (status.state !== 'ready') throw notReady(provider, status);
  }

  async #find(name: string): Promise<Route & { listed: boolean }> {
    const found = this.#whoKnows(name) ?? (await this.#afterFirstLook(name));
    if (found === undefined) throw this.#unknown(name);
    const { entry } = found;
    const { provider } = entry;
    let { status } = entry;
    let model: ModelRecord | undefined = found.model;
    if (status?.state !== 'ready') {
      status = await this.#current(entry);
      // What it offers may be another list now.
      model = provider.model(name);
    }
    if (status.state !== 'ready') throw notReady(provider, status);
    const [account] = provider.accounts;
    if (model === undefined || account === undefined) throw this.#unknown(name);
    return { provider, account, model, listed: status.models.some(({ id }) => id === model.id) };
  }

  #whoKnows(name: string): { entry: Entry; model: ModelRecord } | undefined {
    for (const entry of this.#entries) {
      const model = entry.provider.model(name);
      if (model) return { entry, model };
    }
    return undefined;
  }

  #listedBy(provider: Provider): string[] {
    const entry = this.#entries.find((candidate) => candidate.provider === provider);
    return entry?.status?.models.map(({ id }) => id) ?? [];
  }

  /** Aliases are known only once their provider has been looked at. */
  async #afterFirstLook(name: string): Promise<{ entry: Entry; model: ModelRecord } | undefined> {
    await Promise.all(this.#entries.filter(({ status }) => status === undefined).map((entry) => this.#inspect(entry)));
    return this.#whoKnows(name);
  }

  async #current(entry: Entry): Promise<ProviderStatus> {
    const { status, at } = entry;
    const fresh = status !== undefined && Date.now() - at < unreadyMaxAgeMs;
    return fresh ? status : this.#inspect(entry);
  }

  #inspect(entry: Entry): Promise<ProviderStatus> {
    entry.running ??= this.#look(entry).finally(() => {
      entry.running = undefined;
    });
    return entry.running;
  }

  async #look(entry: Entry): Promise<ProviderStatus> {
    const { provider } = entry;
    let status: ProviderStatus;
    try {
      status = await provider.inspect(AbortSignal.any([this.#closed.signal, AbortSignal.timeout(inspectTimeoutMs)]));
    } catch {
      status = { state: 'failed', advice: `${provider.title} could not be looked at.`, models: [] };
    }
    const before = entry.status;
    entry.status = status;
    entry.at = Date.now();
    const changed = JSON.stringify(before) !== JSON.stringify(status);
    if (changed && !this.#closed.signal.aborted) this.#onChange(provider, status);
    return status;
  }

  #unknown(name: string): GatewayError {
    const message = `The model '${name.slice(0, 200)}' does not exist here. ${this.hint(name)}`;
    return new GatewayError('model-not-found', message, { param: 'model' });
  }
}

function notReady(provider: Provider, status: ProviderStatus): GatewayError {
  const message = status.advice ?? `${provider.title} is not available.`;
  switch (status.state) {
    case 'missing':
      return new GatewayError('provider-missing', message);
    case 'outdated':
      return new GatewayError('provider-outdated', message);
    case 'signed-out':
      return new GatewayError('provider-signed-out', message);
    default:
      return new GatewayError('provider-failed', message);
  }
}

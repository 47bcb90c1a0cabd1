import { CompletionBuilder } from '../core/completion.ts';
import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { Message } from '../core/message.ts';
import type { Operation } from '../core/operation.ts';
import type { GenerateRequest, Parameter } from '../core/request.ts';
import { customTools } from '../middleware/custom-tools.ts';
import { jsonObject } from '../middleware/json-object.ts';
import { jsonSchema } from '../middleware/json-schema.ts';
import type { Generate } from '../middleware/middleware.ts';
import type { Lane, ModelRecord, Provider, ProviderStatus, Quota, Session } from '../providers/provider.ts';
import { Admission } from './admission.ts';
import type { Answer, RequestContext } from './answer.ts';
import { applyCapabilities } from './capabilities.ts';
import { Catalog, type Route } from './catalog.ts';
import { closeSession } from './close-session.ts';
import { Conversations } from './conversations.ts';
import { estimateTokens } from './count-tokens.ts';
import { digests, extendDigest } from './digest.ts';
import { explainFailure } from './explain-failure.ts';
import { SessionPool } from './pool.ts';
import type { GatewaySettings } from './settings.ts';

export interface GatewayOptions {
  providers: readonly Provider[];
  settings: GatewaySettings;
  /** Told of every provider's state when it is known or changes. */
  onStatus: (provider: Provider, status: ProviderStatus) => void;
  /** For the log: something failed that no request waits for. */
  onFailure: (error: unknown) => void;
}

/** How one provider is, for whoever runs the server. */
export interface ProviderHealth extends Omit<ProviderStatus, 'models' | 'executable' | 'state'> {
  state: ProviderStatus['state'] | 'unknown';
  /** The account's limits, where the CLI has told them. */
  quota?: Quota[];
}

/** The story of a request: whose it is, who answers it, in which session, and what is kept of it. */
export class Gateway implements AsyncDisposable {
  #options: GatewayOptions;
  #catalog: Catalog;
  #admission: Admission;
  #conversations: Conversations;
  #pools = new Map<string, SessionPool>();
  #closing = new AbortController();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#catalog = new Catalog(options.providers, (provider, status) => this.#takeStatus(provider, status));
    this.#admission = new Admission(options.settings);
    this.#conversations = new Conversations(options.settings);
  }

  /** Looks at the CLIs and opens the spares of those that are ready. */
  async start(): Promise<void> {
    await this.#catalog.inspect();
  }

  models(): ModelRecord[] {
    return this.#catalog.models;
  }

  /** The record of a model that can really be meant; throws a `GatewayError` that says why there is none. */
  model(name: string): Promise<ModelRecord> {
    return this.#catalog.model(name);
  }

  health(): { providers: Record<string, ProviderHealth> } {
    const entries = this.#catalog.providers.map(({ provider, status }): [string, ProviderHealth] => {
      const { state, version, advice, login } = status ?? { state: 'unknown' as const };
      const quota = provider.accounts.flatMap((account) => provider.quota(account));
      return [provider.id, { state, version, advice, login, ...(quota.length > 0 && { quota }) }];
    });
    return { providers: Object.fromEntries(entries) };
  }

  async generate(operation: Operation, context: RequestContext): Promise<Answer> {
    const route = await this.#catalog.route(operation.request.model);
    const trimmed = [operation.request, ...(operation.further ?? [])].map((request) =>
      applyCapabilities({ ...request, model: route.model.id }, route.model, operation.places),
    );
    const ignored = trimmed[0]?.ignored ?? [];
    const web = this.#usesWeb(operation.request, route.model);
    if (operation.request.webSearch && !web) ignored.push('webSearch');
    const cancellable = { ...context, signal: AbortSignal.any([context.signal, this.#closing.signal]) };
    const answer: Generate = customTools(
      jsonObject(jsonSchema((asked) => this.#answer(asked, route, web, cancellable))),
    );
    const explain = (thrown: unknown) =>
      explainFailure(thrown, operation.asked, () => this.#catalog.hint(operation.request.model));
    return {
      model: route.model.id,
      route: `${route.provider.id}/${route.account}/${route.model.id}`,
      ignored: [...callerNames(ignored, operation), ...operation.ignored],
      choices: trimmed.flatMap(({ request }) =>
        Array.from({ length: operation.choices }, () => explained(answer(request), explain)),
      ),
    };
  }

  /** About how many tokens the request's model would read for it. */
  async countTokens({ request }: Operation): Promise<number> {
    await this.#catalog.model(request.model);
    return estimateTokens(request);
  }

  /** Ends the answers that are being made; their callers are told why. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new GatewayError('overloaded', 'The server is closing.'));
    // Before the pools: what a look finds would open spares again.
    await this.#catalog[Symbol.asyncDispose]();
    await Promise.all([...this.#pools.values()].map((pool) => pool[Symbol.asyncDispose]()));
    await this.#conversations[Symbol.asyncDispose]();
    await Promise.all(this.#options.providers.map((provider) => provider[Symbol.asyncDispose]()));
  }

  async *#answer(request: GenerateRequest, route: Route, web: boolean, context: RequestContext) {
    const leave = await this.#admission.enter(context, context.signal);
    try {
      const beginnings = digests(
        { caller: context.caller, provider: route.provider.id, account: route.account, web },
        request,
      );
      const pool = this.#pool(route.provider, web);
      const live = this.#conversations.take(beginnings, (known) => isContinuation(request.messages.slice(known)));
      const first = live ?? { session: await pool.take(context.signal), known: 0 };
      yield* this.#attempt(request, first, beginnings, pool, context, async () => {
        return { session: await pool.take(context.signal), known: 0 };
      });
    } finally {
      leave();
    }
  }

  /** Asks the session, and another one when the first fails before anything has been said. */
  async *#attempt(
    request: GenerateRequest,
    { session, known }: { session: Session; known: number },
    beginnings: readonly string[],
    pool: SessionPool,
    context: RequestContext,
    another: (() => Promise<{ session: Session; known: number }>) | undefined,
  ): AsyncGenerator<StreamEvent> {
    const builder = new CompletionBuilder();
    const held: StreamEvent[] = [];
    let left = false;
    let kept = false;
    try {
      for await (const event of session.turn(request, { known }, context.signal)) {
        builder.add(event);
        if (event.type === 'start' || event.type === 'finish') {
          held.push(event);
          continue;
        }
        const first = !left;
        left = true;
        yield* held.splice(0);
        yield event;
        if (first) refillSoon(pool);
      }
      if (!builder.isFinished) throw new GatewayError('provider-failed', 'The answer ended before it was complete.');
      // Kept before the caller knows that the answer is over: its next request may follow at once.
      this.#conversations.keep(extendDigest(beginnings.at(-1) as string, builder.message), session);
      kept = true;
      left = true;
      yield* held;
    } catch (error) {
      const lost = error instanceof GatewayError && error.kind === 'provider-failed';
      if (left || !lost || another === undefined || context.signal.aborted) throw error;
      yield* this.#attempt(request, await another(), beginnings, pool, context, undefined);
    } finally {
      if (!kept) closeSession(session);
      refillSoon(pool);
    }
  }

  #usesWeb(request: GenerateRequest, model: ModelRecord): boolean {
    const { webTools } = this.#options.settings;
    if (!model.webTools || webTools === 'off') return false;
    if (request.tools.some((tool) => model.reservedToolNames.includes(tool.name))) return false;
    return webTools === 'on' || request.webSearch === true || request.tools.length === 0;
  }

  #pool(provider: Provider, web: boolean): SessionPool {
    const [account = ''] = provider.accounts;
    const key = `${provider.id}/${account}/${web}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = new SessionPool({
        lane: { account, web },
        spares: this.#options.settings.spares,
        open: (lane, signal) => this.#open(provider, lane, signal),
        onFailure: this.#options.onFailure,
      });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  async #open(provider: Provider, lane: Lane, signal: AbortSignal): Promise<Session> {
    try {
      return await provider.open(lane, signal);
    } catch (error) {
      if (!signal.aborted) await this.#catalog.recheck(provider);
      throw error;
    }
  }

  #takeStatus(provider: Provider, status: ProviderStatus): void {
    if (status.state === 'ready' && !provider.onDemand) {
      const { webTools } = this.#options.settings;
      if (webTools !== 'off') this.#pool(provider, true).refill();
      if (webTools !== 'on') this.#pool(provider, false).refill();
    }
    this.#options.onStatus(provider, status);
  }
}

/** Starting a process holds up everything else for milliseconds: first, what has just been said reaches its socket. */
function refillSoon(pool: SessionPool): void {
  setImmediate(() => pool.refill());
}

/** The same events; a failure as `explain` has it. No generator: this stands between every event and its reader. */
function explained<T>(events: AsyncGenerator<T>, explain: (thrown: unknown) => unknown): AsyncIterable<T> {
  const fail = (thrown: unknown): never => {
    throw explain(thrown);
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => events.next().catch(fail),
      return: () => events.return(undefined),
    }),
  };
}

/** A live session can be told something new, and nothing else: not what it should have said itself. */
function isContinuation(added: readonly Message[]): boolean {
  return added.length > 0 && added.every(({ role }) => role !== 'assistant');
}

/** The names that the caller used for these settings; one that the caller did not name itself is not reported. */
function callerNames(parameters: readonly Parameter[], operation: Operation): string[] {
  return parameters.flatMap((parameter) => operation.asked[parameter] ?? []);
}

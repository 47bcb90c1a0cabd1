import { GatewayError } from '../core/error.ts';
import type { StreamEvent } from '../core/event.ts';
import type { Provider, ProviderStatus, Session } from './provider.ts';

/**
 * A CLI that talks to a scripted model API. What it says of its account would mislead: nobody pays, and there is no
 * login to repair where a script refuses the key.
 */
export function asDemo(provider: Provider): Provider {
  const { id, title, accounts, versions, onDemand } = provider;
  let listed: ReadonlySet<string> = new Set();
  return {
    id,
    title,
    accounts,
    versions,
    onDemand,
    inspect: async (signal) => {
      const status = withDemoAdvice(await provider.inspect(signal));
      listed = new Set(status.models.map((model) => model.id));
      return status;
    },
    // An id that is not listed cannot be a model of later: there is none behind it.
    model: (name) => {
      const model = provider.model(name);
      return model !== undefined && listed.has(model.id) ? model : undefined;
    },
    open: async (lane, signal) => asDemoSession(await provider.open(lane, signal)),
    quota: (account) => provider.quota(account),
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

function withDemoAdvice(status: ProviderStatus): ProviderStatus {
  if (status.state === 'ready') return status;
  return { ...status, advice: "The demo's CLI does not work here: delete its folder and install the demo again." };
}

function asDemoSession(session: Session): Session {
  return {
    turn: (...given) => demoTurn(session.turn(...given)),
    get usable() {
      return session.usable;
    },
    exited: session.exited,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function* demoTurn(events: AsyncGenerator<StreamEvent>): AsyncGenerator<StreamEvent> {
  try {
    for await (const event of events) yield withoutCost(event);
  } catch (error) {
    throw isRefusedLogin(error) ? refusedKey(error) : error;
  }
}

function withoutCost(event: StreamEvent): StreamEvent {
  if (event.type !== 'finish') return event;
  const { costUsd: _, ...usage } = event.usage;
  return { ...event, usage };
}

function isRefusedLogin(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.kind === 'provider-signed-out';
}

function refusedKey({ kind, cause }: GatewayError): GatewayError {
  const message = 'The scripted model API refused the key of the demo, as its script says: no login is missing.';
  return new GatewayError(kind, message, { cause });
}

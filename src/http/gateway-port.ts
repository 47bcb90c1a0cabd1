import type { Operation } from '../core/operation.ts';
import type { Answer, RequestContext } from '../gateway/answer.ts';
import type { ListedModel } from '../gateway/listed-model.ts';

export interface ProviderHealth {
  state: string;
  version?: string;
  advice?: string;
  login?: { method: string; payer: string };
}

/** What the HTTP side asks of the gateway. */
export interface GatewayPort {
  /** Throws a `GatewayError`, of kind `model-not-found` for one. */
  generate(operation: Operation, context: RequestContext): Promise<Answer>;
  /** About how many tokens the model would read. Throws a `GatewayError` where it is not known. */
  countTokens(operation: Operation): Promise<number>;
  /** The models of the providers that are ready. */
  models(): readonly ListedModel[];
  /** The model that a name means: an id or an alias. Throws a `GatewayError`, of kind `model-not-found` for none. */
  model(name: string): Promise<ListedModel>;
  health(): { providers: Record<string, ProviderHealth> };
}

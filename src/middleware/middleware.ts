import type { StreamEvent } from '../core/event.ts';
import type { GenerateRequest } from '../core/request.ts';

/** Whatever answers a request: a provider, or one with steps before and behind it. */
export type Generate = (request: GenerateRequest) => AsyncGenerator<StreamEvent>;

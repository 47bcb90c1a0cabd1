import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../../core/error.ts';
import type { StreamEvent } from '../../core/event.ts';
import { failedResponse, unfinishedResponse } from '../../dialects/openai-responses/response-object.ts';
import { beginAnswer } from '../begin-answer.ts';
import type { GatewayPort } from '../gateway-port.ts';
import { logRequest } from '../request-log.ts';
import type { RequestRecord } from '../request-record.ts';
import type { HttpSettings } from '../settings.ts';
import { statusOf } from '../status.ts';
import { BackgroundResponse } from './background-response.ts';
import { underway } from './interrupted.ts';
import {
  type KeepingContext,
  type KeepingDialect,
  type KeepingOperation,
  keepingDialect,
  toStored,
} from './keeping-dialect.ts';
import type { Shelf } from './shelf.ts';
import { WorkSignal } from './work-signal.ts';

/** How long an answer that is over can still be followed from its beginning. */
const rememberMs = 5 * 60_000;

export interface BackgroundRequest {
  requestId: string;
  caller: string;
  shelf: Shelf;
  operation: KeepingOperation;
  record: RequestRecord;
  log: FastifyBaseLogger;
}

/** The answers that are made in the background, and for a while those that were. */
export class BackgroundResponses {
  readonly #gateway: GatewayPort;
  readonly #settings: HttpSettings;
  readonly #responses = new Map<string, BackgroundResponse>();
  readonly #running = new Set<Promise<void>>();

  constructor({ gateway, settings }: { gateway: GatewayPort; settings: HttpSettings }) {
    this.#gateway = gateway;
    this.#settings = settings;
  }

  get(caller: string, id: string): BackgroundResponse | undefined {
    const found = this.#responses.get(id);
    return found?.stored.caller === caller ? found : undefined;
  }

  isUnderway(id: string): boolean {
    return this.#responses.get(id)?.isUnderway ?? false;
  }

  /** Begins an answer. Throws a `GatewayError` when nobody can give it. */
  async start(request: BackgroundRequest): Promise<BackgroundResponse> {
    const { operation, record, requestId, shelf } = request;
    const work = new WorkSignal(this.#settings.maxTimeoutMs);
    try {
      const keep: Shelf['keep'] = (stored) => {
        if (response.become(stored.response)) shelf.keep(stored);
      };
      const dialect = keepingDialect(request.caller, { ...shelf, keep });
      const asking = { requestId, record, signal: work.signal };
      const begun = await beginAnswer(dialect, operation, asking, this.#gateway);
      const context = { ...begun.context, options: operation.options };
      const stored = toStored(unfinishedResponse(context, 'in_progress'), context);
      const response = new BackgroundResponse(stored, (reason) => work.abort(reason));
      shelf.keep(underway(stored));
      this.#responses.set(stored.id, response);
      const running = this.#run(response, dialect, { ...begun, context }, request).finally(() => {
        work[Symbol.dispose]();
        this.#running.delete(running);
      });
      this.#running.add(running);
      return response;
    } catch (error) {
      work[Symbol.dispose]();
      throw error;
    }
  }

  /** Ends an answer, if it is being made, and forgets it. False where it was not known. */
  forget(caller: string, id: string): boolean {
    const found = this.get(caller, id);
    found?.cancel();
    return found !== undefined && this.#responses.delete(id);
  }

  /** Waits until every answer is over. */
  async finished(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(
    response: BackgroundResponse,
    dialect: KeepingDialect,
    { choices, context }: { choices: AsyncIterable<StreamEvent>[]; context: KeepingContext },
    { record, log, shelf }: BackgroundRequest,
  ): Promise<void> {
    try {
      for await (const frame of dialect.frames(choices, context)) response.add(frame);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      record.error = error;
      if (response.become({ ...failedResponse(context, error) })) shelf.keep(response.stored);
      for (const frame of dialect.failureFrames(error, context, response.length)) response.add(frame);
    }
    response.end();
    const statusCode = record.error === undefined ? 200 : statusOf[record.error.kind];
    logRequest(log, record, { writableFinished: true, headersSent: true, statusCode });
    setTimeout(() => this.#responses.delete(response.stored.id), rememberMs).unref();
  }
}

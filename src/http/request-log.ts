import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { GatewayError } from '../core/error.ts';
import type { GenerateRequest } from '../core/request.ts';
import { headerText } from './header-text.ts';
import { elapsedMs, type RequestRecord } from './request-record.ts';
import { statusOf } from './status.ts';

/** What became of the response to a request. */
export type ClosedResponse = Pick<ServerResponse, 'writableFinished' | 'headersSent' | 'statusCode'>;

/** Writes the one log line of a request whose response is closed. `log` carries the request's id. */
export function logRequest(log: FastifyBaseLogger, record: RequestRecord, response: ClosedResponse): void {
  const { error, usage } = record;
  const hungUp = !response.writableFinished;
  const outcome = error?.kind ?? (hungUp ? 'cancelled' : 'ok');
  const { costUsd, ...tokens } = usage ?? {};
  const fields = {
    method: record.method,
    path: record.path,
    status: hungUp && !response.headersSent ? statusOf.cancelled : response.statusCode,
    caller: record.caller,
    dialect: record.model === undefined ? undefined : record.dialect.name,
    model: record.model,
    route: record.route,
    stream: record.stream,
    outcome,
    firstEventMs: record.firstEventMs,
    firstTokenMs: record.firstTokenMs,
    durationMs: elapsedMs(record),
    usage: usage && tokens,
    costUsd,
    ignored: record.ignored?.length ? record.ignored : undefined,
    error: error && describe(error),
    messages: record.messages,
  };
  log[levelOf(record, error)](fields, sentence(record, outcome));
}

/** The messages of a request for the log: bytes of images and files are named by their length only. */
export function loggableMessages(request: GenerateRequest): unknown {
  const shortened = JSON.stringify({ system: request.system, messages: request.messages }, (key, value) =>
    key === 'data' && typeof value === 'string' ? `(${value.length} characters of base64)` : value,
  );
  return JSON.parse(shortened);
}

function levelOf(record: RequestRecord, error: GatewayError | undefined): 'debug' | 'info' | 'warn' | 'error' {
  if (error?.kind === 'internal') return 'error';
  if (error && statusOf[error.kind] > 500) return 'warn';
  return record.path === '/health' ? 'debug' : 'info';
}

function describe(error: GatewayError): object {
  const { kind, message, cause } = error;
  if (cause === undefined) return { kind, message };
  return {
    kind,
    message,
    cause: cause instanceof Error ? { message: cause.message, stack: cause.stack } : String(cause),
  };
}

function sentence(record: RequestRecord, outcome: string): string {
  const verb = outcome === 'ok' ? 'completed' : outcome === 'cancelled' ? 'cancelled' : 'failed';
  const said = `Request ${verb} in ${(elapsedMs(record) / 1000).toFixed(2)}s`;
  if (record.model === undefined) return said;
  return `${said} - Model: ${headerText(record.model)}, Stream: ${record.stream}`;
}

import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../../core/error.ts';
import type { DecodeContext } from '../../dialects/decode-context.ts';
import { emptyFrames } from '../../dialects/openai-responses/frames.ts';
import { type SocketRequest, socketError, socketMessage } from '../../dialects/openai-responses/socket.ts';
import type { Frame } from '../../stream/sse.ts';
import { beginAnswer, noteRequest } from '../begin-answer.ts';
import { holdHead } from '../hold-head.ts';
import { logRequest } from '../request-log.ts';
import type { RequestRecord } from '../request-record.ts';
import { statusOf } from '../status.ts';
import {
  finishedResponse,
  type KeepingContext,
  type KeepingDialect,
  keepingDialect,
  toStored,
} from './keeping-dialect.ts';
import type { ResponseParts } from './parts.ts';
import type { Shelf } from './shelf.ts';

export interface SocketAsking {
  caller: string;
  path: string;
  shelf: Shelf;
  requestId: string;
  log: FastifyBaseLogger;
  signal: AbortSignal;
  decodeContext: DecodeContext;
  /** Resolves when the reader has room for more; rejects when it is gone. */
  send(message: string): Promise<void>;
}

/** Answers one request of a connection, event by event. A failure is a message too. */
export async function answerOverSocket(
  { body, generate, streamId }: SocketRequest,
  asking: SocketAsking,
  parts: ResponseParts,
): Promise<void> {
  const { caller, path, shelf, signal, log } = asking;
  const dialect = keepingDialect(caller, shelf);
  const record: RequestRecord = { method: 'WEBSOCKET', path, startedAt: performance.now(), dialect, caller };
  const send = (frame: Frame) => asking.send(socketMessage(frame, streamId));
  let begun: KeepingContext | undefined;
  let sent = 0;
  try {
    const operation = dialect.decode(body, asking.decodeContext);
    if (operation.options.request.background) {
      throw new GatewayError('invalid-request', "'background' needs a request of its own by POST.", {
        param: 'background',
      });
    }
    noteRequest(operation, record, parts.settings);
    if (generate) {
      const { choices, context } = await beginAnswer(dialect, operation, { ...asking, record }, parts.gateway);
      begun = { ...context, options: operation.options };
      const held = await holdHead(choices, parts.settings.firstEventHoldMs);
      for await (const frame of dialect.frames(held, begun)) {
        sent += 1;
        await send(frame);
      }
    } else {
      const { model } = operation.request;
      const id = randomUUID().replaceAll('-', '');
      const context: KeepingContext = { id, createdAt: new Date(), model, options: operation.options };
      for (const frame of emptyFrames(context)) {
        const finished = finishedResponse(frame);
        if (finished) shelf.keep(toStored(finished, context));
        await send(frame);
      }
    }
  } catch (thrown) {
    const error = GatewayError.from(signal.aborted ? signal.reason : thrown);
    record.error = error;
    await tellFailure(error, { dialect, begun, sent, streamId }, asking).catch(() => {});
  }
  const statusCode = record.error === undefined || sent > 0 ? 200 : statusOf[record.error.kind];
  logRequest(log, record, { writableFinished: true, headersSent: true, statusCode });
}

/** Before the first event a failure is told with the status that HTTP would have, later as a stream tells it. */
async function tellFailure(
  error: GatewayError,
  answer: { dialect: KeepingDialect; begun: KeepingContext | undefined; sent: number; streamId: string | undefined },
  { send }: SocketAsking,
): Promise<void> {
  const { dialect, begun, sent, streamId } = answer;
  if (begun === undefined || sent === 0) return send(socketError(error, statusOf[error.kind], streamId));
  for (const frame of dialect.failureFrames(error, begun, sent)) await send(socketMessage(frame, streamId));
}

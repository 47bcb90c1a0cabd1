import type { FastifyRequest } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import { GatewayError } from '../../core/error.ts';
import { readSocketMessage, type SocketRequest, socketError } from '../../dialects/openai-responses/socket.ts';
import { decodeContextOf } from '../decode-context.ts';
import { parseJsonBody } from '../json-body.ts';
import { requestId } from '../request-id.ts';
import { statusOf } from '../status.ts';
import { untilAborted } from '../until-aborted.ts';
import { callerOf } from './caller.ts';
import { connectionShelf } from './connection-shelf.ts';
import type { ResponseParts } from './parts.ts';
import type { Shelf } from './shelf.ts';
import { answerOverSocket } from './socket-answer.ts';
import { WorkSignal } from './work-signal.ts';

/** How much may wait to be read by the other side before the answers wait for it. */
const highWaterBytes = 64 * 1024;
/** How many requests of a connection may wait for those before them. */
const mostWaiting = 100;
/** How long the other side may take to agree that the connection ends. */
const closeGraceMs = 1_000;
/** Signs of life that may be left unanswered. */
const mostUnanswered = 4;

const goingAway = 1001;
const unsupportedData = 1003;

const hungUp = new GatewayError('cancelled', 'The caller hung up.');

/** One WebSocket of a caller: requests come in, and each is answered after those before it that are of its stream. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #request: FastifyRequest;
  readonly #parts: ResponseParts;
  readonly #shelf: Shelf;
  /** The last answer of each stream. */
  readonly #streams = new Map<string | undefined, Promise<void>>();
  readonly #works = new Set<WorkSignal>();
  readonly #pulse: NodeJS.Timeout;
  #unanswered = 0;
  #waiting = 0;
  #isClosing = false;

  constructor(socket: WebSocket, request: FastifyRequest, parts: ResponseParts) {
    this.#socket = socket;
    this.#request = request;
    this.#parts = parts;
    this.#shelf = connectionShelf(parts.shelfOf(callerOf(request)), parts.settings.maxBodyBytes);
    this.#pulse = setInterval(() => this.#beat(), parts.settings.sseKeepAliveMs);
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => {
      this.#unanswered = 0;
    });
    // The close that follows an error says all there is to say.
    socket.on('error', (error) => request.log.debug({ err: error }, 'A WebSocket failed.'));
    socket.once('close', () => {
      clearInterval(this.#pulse);
      for (const work of this.#works) work.abort(hungUp);
    });
  }

  /** Ends the connection as soon as the answers under way are over. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#streams.values());
    this.#socket.close(goingAway, 'The server is closing.');
    setTimeout(() => this.#socket.terminate(), closeGraceMs).unref();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.#socket.close(unsupportedData, 'Messages must be JSON text.');
      return;
    }
    this.#unanswered = 0;
    try {
      const request = readSocketMessage(parseJsonBody(data.toString()));
      if (this.#isClosing) throw new GatewayError('overloaded', 'The server is closing.');
      if (this.#waiting >= mostWaiting) {
        throw new GatewayError('rate-limited', `More than ${mostWaiting} requests wait on this connection.`);
      }
      this.#enqueue(request);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      this.#send(socketError(error, statusOf[error.kind])).catch(() => {});
    }
  }

  #enqueue(request: SocketRequest): void {
    const { streamId } = request;
    this.#waiting += 1;
    const before = this.#streams.get(streamId) ?? Promise.resolve();
    const answered = before
      .then(() => this.#answer(request))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#streams.get(streamId) === answered) this.#streams.delete(streamId);
      });
    this.#streams.set(streamId, answered);
  }

  async #answer(request: SocketRequest): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const id = requestId({ headers: {} });
    const { settings } = this.#parts;
    using work = new WorkSignal(settings.maxTimeoutMs);
    this.#works.add(work);
    const asking = {
      caller: callerOf(this.#request),
      path: this.#request.record.path,
      shelf: this.#shelf,
      requestId: id,
      log: this.#request.log.child({ requestId: id }),
      signal: work.signal,
      decodeContext: decodeContextOf(this.#request, settings),
      send: (message: string) => this.#send(message, work.signal),
    };
    try {
      await answerOverSocket(request, asking, this.#parts);
    } finally {
      this.#works.delete(work);
    }
    // Whoever has not read so far when its time is over is not going to.
    if (work.signal.aborted && this.#isBehind) this.#socket.terminate();
  }

  async #send(message: string, signal?: AbortSignal): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#socket.send(message, (error) => (error ? reject(hungUp) : resolve()));
    });
    // What is not waited for may fail: the connection is gone then, which its answers are told.
    written.catch(() => {});
    if (this.#isBehind && signal && !signal.aborted) await untilAborted(written, signal);
  }

  get #isBehind(): boolean {
    return this.#socket.bufferedAmount > highWaterBytes;
  }

  #beat(): void {
    if (this.#isBehind) return;
    if (this.#unanswered >= mostUnanswered) {
      this.#socket.terminate();
      return;
    }
    this.#unanswered += 1;
    this.#socket.ping();
  }
}

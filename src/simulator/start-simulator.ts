import { once } from 'node:events';
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chooseScript } from './choose-script.ts';
import { createIds, type NewId } from './create-ids.ts';
import { deliver } from './deliver.ts';
import { describeRequest, pathOf } from './describe-request.ts';
import { parseJson } from './json.ts';
import { readBody } from './read-body.ts';
import { type Match, matches, type RecordedRequest, Recorder } from './recorder.ts';
import type { Script } from './script.ts';
import { createSocketServer } from './socket-server.ts';
import type { Wire } from './wire.ts';
import { wireOf } from './wires.ts';

export interface SimulatorOptions {
  /** Left out or 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** How many requests to keep; 1000 when left out. */
  readonly record?: number;
  /** Makes all ids predictable. */
  readonly seed?: string;
}

type ScriptSource = Script | ((request: RecordedRequest) => Script);

/** A running model API. Disposing it cuts every connection. */
export interface Simulator extends AsyncDisposable {
  readonly url: string;
  /** The latest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Answers matching requests by this script instead of directives; the newest match wins. Disposing undoes it. */
  script(match: Match, script: ScriptSource): Disposable;
  lastRequest(match?: Match): RecordedRequest | undefined;
  /** A kept or coming request; rejects after `timeoutMs` with a list of those that did arrive. */
  waitForRequest(match: Match, timeoutMs: number): Promise<RecordedRequest>;
  /** Forgets the kept requests. */
  clear(): void;
}

/** Starts a scripted model API. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', record = 1000, seed } = options;
  const newId = createIds(seed);
  const recorder = new Recorder(record);
  const scripts = new Set<{ readonly match: Match; readonly script: ScriptSource }>();

  const scriptFor = (request: RecordedRequest): Script => {
    const script = [...scripts].findLast(({ match }) => matches(match, request))?.script;
    return typeof script === 'function' ? script(request) : (script ?? chooseScript(request.prompt));
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const wire = wireOf(pathOf(incoming));
    const request = await receive(wire, incoming, response, newId);
    recorder.add(request);
    try {
      await deliver(response, wire.answer(request, scriptFor, newId), gone.signal);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else await deliver(response, wire.failure(request, String(error)), gone.signal);
    }
  };

  const server = createServer((incoming, response) => {
    // Only a request that breaks off while it is read ends here.
    serve(incoming, response).catch(() => response.destroy());
  });
  const sockets = createSocketServer({ record: (request) => recorder.add(request), scriptFor, newId });
  server.on('upgrade', (incoming, socket, head) => {
    const path = pathOf(incoming);
    const wire = wireOf(path);
    const conversation = wire.converse?.({ path, headers: incoming.headers }, newId);
    if (conversation) return sockets.accept(incoming, head, wire, conversation);
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(incoming);
    response.assignSocket(incoming.socket);
    response.once('finish', () => incoming.socket.destroySoon());
    serve(incoming, response).catch(() => socket.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host}:${address.port}`,
    requests: recorder.requests,
    script(match, script) {
      const entry = { match, script };
      scripts.add(entry);
      return { [Symbol.dispose]: () => void scripts.delete(entry) };
    },
    lastRequest: (match = () => true) => recorder.last(match),
    waitForRequest: (match, timeoutMs) => recorder.waitFor(match, timeoutMs),
    clear: () => void recorder.requests.splice(0),
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      sockets[Symbol.dispose]();
      await closed;
    },
  };
}

async function receive(
  wire: Wire,
  incoming: IncomingMessage,
  response: ServerResponse,
  newId: NewId,
): Promise<RecordedRequest> {
  const { promise: closed, resolve } = Promise.withResolvers<Awaited<RecordedRequest['closed']>>();
  response.once('close', () => resolve({ at: performance.now(), completed: response.writableFinished }));
  const rawBody = await readBody(incoming);
  return describeRequest(wire, incoming, { id: newId('req'), body: parseJson(rawBody), rawBody, closed });
}

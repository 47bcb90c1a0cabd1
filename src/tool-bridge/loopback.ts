import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const maxBodyBytes = 64 * 1024 * 1024;

/** A request to a mounted place, its body read; `path` is what follows the place's own URL. */
export interface LoopbackRequest {
  method: string;
  path: string;
  body: string;
}

export type LoopbackHandler = (request: LoopbackRequest, response: ServerResponse) => void | Promise<void>;

export interface Mounted extends Disposable {
  /** Holds the key: whoever knows the URL is let in. */
  url: string;
}

interface Place {
  keyDigest: Buffer;
  handler: LoopbackHandler;
}

/**
 * One HTTP server on this machine's own address, for programs that we have started: each place in it has an unguessable
 * key in its URL. It listens from the first place on.
 */
export class Loopback implements AsyncDisposable {
  #server: Server | undefined;
  #listening: Promise<number> | undefined;
  #closed = false;
  #places = new Map<string, Place>();
  #next = 1;

  async mount(handler: LoopbackHandler): Promise<Mounted> {
    if (this.#closed) throw new Error('the loopback server is closed');
    this.#listening ??= this.#listen();
    const port = await this.#listening;
    const id = String(this.#next);
    this.#next += 1;
    const key = randomBytes(32).toString('base64url');
    this.#places.set(id, { keyDigest: digest(key), handler });
    return {
      url: `http://127.0.0.1:${port}/${id}/${key}`,
      [Symbol.dispose]: () => {
        this.#places.delete(id);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#places.clear();
    const server = this.#server;
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<number> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A CLI that hangs must not keep us from leaving.
    server.unref();
    return (server.address() as AddressInfo).port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    try {
      // A page in a browser can send requests here too: not with this Host and without an Origin.
      if (request.headers.host !== `127.0.0.1:${await this.#listening}` || request.headers.origin !== undefined) {
        refuse(response, 403);
        return;
      }
      const [, id = '', key = '', ...rest] = (request.url ?? '').split('/');
      const place = this.#places.get(id);
      if (!timingSafeEqual(place?.keyDigest ?? digest(''), digest(key)) || place === undefined) {
        refuse(response, 404);
        return;
      }
      const body = await readBody(request);
      if (body === undefined) {
        refuse(response, 413);
        return;
      }
      await place.handler({ method: request.method ?? '', path: rest.join('/'), body }, response);
    } catch {
      if (response.headersSent) response.destroy();
      else refuse(response, 500);
    }
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The whole body, or undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}

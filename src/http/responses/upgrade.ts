import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { GatewayError } from '../../core/error.ts';
import { openaiResponses } from '../../dialects/openai-responses/openai-responses.ts';
import { plainPath } from '../known-paths.ts';
import { Connection } from './connection.ts';
import type { ResponseParts } from './parts.ts';

interface Handshake {
  socket: Duplex;
  head: Buffer;
}

/** Whether a request asks for a WebSocket where there is one. Every other is answered as if it had not asked. */
export function isSocketRequest({ method, url = '', headers }: IncomingMessage): boolean {
  const [path = ''] = url.split('?');
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    openaiResponses.paths.some((own) => own === plainPath(path))
  );
}

/**
 * Adds the WebSocket of responses. The request for one goes the way of all requests, so that the same callers are refused
 * in the same words; the server must have been told to treat as upgrades what `isSocketRequest` says.
 */
export function addResponseSockets(app: FastifyInstance, parts: ResponseParts): void {
  const handshakes = new WeakMap<IncomingMessage, Handshake>();
  const connections = new Set<Connection>();
  let isClosing = false;
  const server = new WebSocketServer({ noServer: true, maxPayload: parts.settings.maxBodyBytes });

  app.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    handshakes.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    // A refusal ends the connection: nobody reads from it any more.
    response.once('finish', () => request.socket.destroySoon());
    app.routing(request, response);
  });

  for (const path of openaiResponses.paths) {
    app.get(path, async (request, reply) => {
      const handshake = handshakes.get(request.raw);
      if (handshake === undefined) {
        reply.header('allow', 'POST, OPTIONS');
        throw new GatewayError('method-not-allowed', `${path} takes POST, or GET as a WebSocket.`);
      }
      checkHandshake(request.raw);
      if (isClosing) throw new GatewayError('overloaded', 'The server is closing.');
      const headers = [`x-request-id: ${request.id}`];
      server.once('headers', (lines) => lines.push(...headers));
      reply.hijack();
      reply.raw.detachSocket(request.raw.socket);
      server.handleUpgrade(request.raw, handshake.socket, handshake.head, (socket) => {
        const connection = new Connection(socket, request, parts);
        connections.add(connection);
        socket.once('close', () => connections.delete(connection));
      });
      return undefined;
    });
  }

  app.addHook('preClose', async () => {
    isClosing = true;
    // Not waited for here: until this is over the port stays open. The server waits for every connection anyway.
    for (const connection of connections) void connection.close();
  });
}

/** Refuses in words what the handshake would refuse without. */
function checkHandshake({ headers }: IncomingMessage): void {
  const key = headers['sec-websocket-key'];
  const version = headers['sec-websocket-version'];
  if (version === '13' && key !== undefined && /^[+/0-9A-Za-z]{22}==$/.test(key)) return;
  throw new GatewayError('invalid-request', 'This is not a WebSocket handshake of version 13.');
}

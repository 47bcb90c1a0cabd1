import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/error.ts';
import { headerText } from './header-text.ts';
import { isLoopbackHost } from './loopback.ts';
import type { HttpSettings } from './settings.ts';

type Request = Pick<IncomingMessage, 'headers'> & { socket: { localAddress?: string | undefined } };

/**
 * Refuses requests under a host name that is not ours, with kind `forbidden`. A web page can let its own name point at
 * this machine and is then of the same origin as this server: without a key, the name is all that gives it away.
 */
export function createHostGuard(settings: HttpSettings): (request: Request) => void {
  const allowed = new Set([settings.host, ...settings.allowedHosts].map(hostName));
  return (request) => {
    const { host } = request.headers;
    // HTTP/1.0 may leave it out; no browser does.
    if (settings.apiKeys.length > 0 || host === undefined) return;
    const name = hostName(host);
    if (isLoopbackHost(name) || allowed.has(name) || name === plainAddress(request.socket.localAddress)) return;
    throw new GatewayError(
      'forbidden',
      `The host name "${headerText(host)}" is not known here: add it to ALLOWED_HOSTS, or set API_KEY.`,
    );
  };
}

/** The name without port, brackets and final dot. */
function hostName(host: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d*)?$/.exec(host) ?? [];
  const name = bracketed ?? (host.split(':').length === 2 ? host.slice(0, host.indexOf(':')) : host);
  return name.toLowerCase().replace(/\.$/, '');
}

/** An IPv4 address that arrived at an IPv6 socket, as people write it. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:/, '');
}

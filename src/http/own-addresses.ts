import { networkInterfaces } from 'node:os';

/** Whether an address is one that only this machine can call. */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || /^127(\.\d+){3}$/.test(plain);
}

/** Whether a socket that is bound to this address listens on every address of the machine. */
export function isAnyAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** The addresses at which other machines reach a socket that is bound to this address: none for loopback. */
export function reachableAddresses(bound: string): string[] {
  if (isLoopbackAddress(bound)) return [];
  if (!isAnyAddress(bound)) return [bound];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && (family === 'IPv4' || bound === '::'))
    .map(({ address }) => address)
    .filter((address) => !isLinkLocal(address));
}

/** Whether a program of this machine that calls `called` reaches a socket that is bound to `bound`. */
export function reaches(called: string, bound: string): boolean {
  const address = meant(called);
  if (!isAnyAddress(bound)) return address === plainAddress(bound);
  // `::` takes calls of both families.
  if (bound === '0.0.0.0' && address.includes(':')) return false;
  return isLoopbackAddress(address) || ownAddresses().includes(address);
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}

/** A call of "any address" goes to this machine's loopback. */
function meant(called: string): string {
  const address = plainAddress(called);
  if (!isAnyAddress(address)) return address;
  return address === '::' ? '::1' : '127.0.0.1';
}

/** Reached through one interface only, which a URL cannot name. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** An IPv4 address that is written as an IPv6 one, as people write it: URLs have `::ffff:7f00:1`, sockets the dots. */
function plainAddress(address: string): string {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return address.replace(/^::ffff:(?=\d+\.)/i, '');
  const bits = Number.parseInt(high, 16) * 2 ** 16 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

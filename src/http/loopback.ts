const names: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Whether a host name or address, without port and brackets, means this machine. */
export function isLoopbackHost(host: string): boolean {
  return names.has(host.toLowerCase());
}

/** Whether a web origin is a page that this machine serves. */
export function isLoopbackOrigin(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(origin);
}

const unusableHost = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN'];

/** What is wrong with an address that could not be listened on; undefined where that is not known. */
export function listenProblem(
  code: string | undefined,
  { host, port }: { host: string; port: number },
): string | undefined {
  if (code === 'EADDRINUSE') return `PORT=${port} is taken, and so is each that was tried after it: choose another.`;
  if (code === 'EACCES') return `PORT=${port} may not be opened by this user: choose one above 1023.`;
  if (!unusableHost.includes(code ?? '')) return undefined;
  return `HOST=${host} cannot be listened on: it is no address of this machine.`;
}

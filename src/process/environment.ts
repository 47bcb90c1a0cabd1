/** Variables that any program needs to find its way: nothing in here is a secret. */
const common = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * A child's environment: of ours, only what every program needs and what its record allows (`NAME` or `PREFIX_*`), then
 * the fixed settings on top.
 */
export function childEnvironment(
  ours: Record<string, string | undefined>,
  allowed: readonly string[],
  fixed: Record<string, string>,
): Record<string, string> {
  const names = new Set([...common, ...allowed.filter((name) => !name.endsWith('*'))]);
  const prefixes = allowed.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours)) {
    if (value === undefined || value === '') continue;
    if (names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) environment[name] = value;
  }
  return { ...environment, ...fixed };
}

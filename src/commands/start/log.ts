import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from '../../config.ts';
import { providerSettings } from '../../providers/registry.ts';

const secretHeaders = ['authorization', 'proxy-authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'set-cookie'];
const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS)$/;
/** From here on a secret is known wherever it stands. */
const shortestSecret = 8;
const censor = '[redacted]';

/** The part of standard output that is used here. */
export interface Output {
  isTTY?: boolean;
  hasColors?: () => boolean;
  write(text: string): unknown;
}

/** The program's log: for people in a terminal, a JSON object a line elsewhere. No secret that we know gets into it. */
export function createLog({ config, output }: { config: Config; output: Output }): Logger {
  const hideSecrets = secretHider(config);
  const pretty = output.isTTY
    ? prettyFactory({
        colorize: output.hasColors?.() ?? false,
        translateTime: 'SYS:HH:MM:ss',
        ignore: 'pid,hostname',
        singleLine: true,
      })
    : (line: string) => line;
  return pino(
    {
      level: config.logLevel,
      redact: {
        paths: secretHeaders.flatMap((name) => [`["${name}"]`, `headers["${name}"]`, `*.headers["${name}"]`]),
        censor,
      },
    },
    { write: (line: string) => output.write(pretty(hideSecrets(line))) },
  );
}

/** Takes the secrets of the settings out of a line of JSON, wherever they got into it. */
function secretHider({ http, environment }: Config): (line: string) => string {
  const named = Object.entries(environment).filter(([name]) => secretName.test(name));
  const secrets = [...http.apiKeys, ...named.map(([, value]) => value ?? '')]
    .filter((secret) => secret.length >= shortestSecret)
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    // One may be the beginning of another.
    .sort((a, b) => b.length - a.length);
  // Of the environment at large, anything so short may be no secret at all.
  const ours = named.flatMap(([name, value]) => (name in providerSettings ? [value ?? ''] : []));
  const hideShort = shortSecretHider(
    [...http.apiKeys, ...ours].filter(({ length }) => length > 0 && length < shortestSecret),
  );
  return (line) => secrets.reduce((text, secret) => text.replaceAll(secret, censor), hideShort(line));
}

/** Something so short may stand in any word: it is hidden only where it is a word of its own, in the texts of a line. */
function shortSecretHider(secrets: readonly string[]): (line: string) => string {
  if (secrets.length === 0) return (line) => line;
  const words = new RegExp(`(?<![\\w-])(${secrets.map((secret) => RegExp.escape(secret)).join('|')})(?![\\w-])`, 'g');
  return (line) =>
    line.replace(/("(?:[^"\\]|\\.)*")(:)?/g, (all, text: string, colon: string | undefined) => {
      if (colon !== undefined) return all;
      return JSON.stringify(JSON.parse(text).replace(words, censor));
    });
}

import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from '../../config.ts';

const secretHeaders = ['authorization', 'proxy-authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'set-cookie'];
const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS)$/;
const shortestSecret = 8;

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
        censor: '[redacted]',
      },
    },
    { write: (line: string) => output.write(pretty(hideSecrets(line))) },
  );
}

/** Takes the secrets of the settings out of a line of JSON, wherever they got into it. */
function secretHider({ http, environment }: Config): (line: string) => string {
  const named = Object.entries(environment).flatMap(([name, value]) => (secretName.test(name) ? [value ?? ''] : []));
  const secrets = [...http.apiKeys, ...named]
    .filter((secret) => secret.length >= shortestSecret)
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    // One may be the beginning of another.
    .sort((a, b) => b.length - a.length);
  return (line) => secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line);
}

import { type Config, readConfig } from '../config.ts';

/** The settings of this run: `overrides` come from the command line. Throws a `ConfigError`. */
export function currentConfig(overrides: Record<string, string> = {}): Config {
  return readConfig({ environment: process.env, directory: process.cwd(), overrides });
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** This package's version. */
export const version: string = JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8')).version;

/** What a person types to run this program: with npm in its own repository, with npx where it is installed. */
export const typedCommand: { start: string; other: string } = /[\\/]node_modules[\\/]/.test(packageFolder)
  ? { start: 'npx clis-wrapper start', other: 'npx clis-wrapper' }
  : { start: 'npm start --', other: 'node src/cli.ts' };

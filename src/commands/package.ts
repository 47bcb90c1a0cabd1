import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** This package's version. */
export const version: string = JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8')).version;

/** Whether the program runs in its own repository; else it is a package that somebody has installed. */
export const isRepository = existsSync(`${packageFolder}/src/cli.ts`);

/** What a person types to start the server: with npm in the repository, with npx where the package is installed. */
export const startCommand = isRepository ? 'npm start --' : 'npx clis-wrapper start';

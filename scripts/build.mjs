// `npm run build`: dist/, the form that is published.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
process.exitCode = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' }).status ?? 1;

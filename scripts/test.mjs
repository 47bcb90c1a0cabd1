// `npm test [-- file …]`: all test files, or those named. With CI=true a skipped test is a failure too.
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** Two processors are what a small machine has, and the tests start many processes of their own. */
const concurrency = 2;
const longestFileMs = 10 * 60_000;

const named = process.argv.slice(2);
const files = globSync(named.length > 0 ? named : ['{src,test,bench}/**/*.test.ts'], {
  exclude: ['**/node_modules/**'],
});
if (files.length === 0) {
  console.error('There is no such test file.');
  process.exit(1);
}

const skipped = [];
const results = run({ files: files.sort(), concurrency, timeout: longestFileMs });
results.on('test:fail', () => {
  process.exitCode = 1;
});
results.on('test:pass', ({ name, skip }) => {
  if (skip !== undefined) skipped.push(name);
});
results.on('test:summary', ({ success }) => {
  if (!success) process.exitCode = 1;
});
results.compose(spec).pipe(process.stdout);
results.once('end', () => {
  if (process.env.CI !== 'true' || skipped.length === 0) return;
  console.error(`Skipped, which is a failure where CI=true: ${skipped.join(', ')}`);
  process.exitCode = 1;
});

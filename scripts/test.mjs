// `npm test [-- file …]`: all test files, or those named. With CI=true a skipped test is a failure too. Where the provider
// contracts ran, their table is printed; with WRITE_PROVIDERS=true it goes to docs/providers.md.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { ProvidersTable } from './providers-table.mjs';

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
const table = new ProvidersTable();
const results = run({ files: files.sort(), concurrency, timeout: longestFileMs });
results.on('test:fail', (test) => {
  process.exitCode = 1;
  table.ended({ ...test, ok: false });
});
results.on('test:pass', (test) => {
  if (test.skip !== undefined) skipped.push(test.name);
  table.ended({ ...test, ok: true });
});
results.on('test:diagnostic', (said) => table.said(said));
results.on('test:summary', ({ success }) => {
  if (!success) process.exitCode = 1;
});
results.compose(spec).pipe(process.stdout);
results.once('end', () => {
  if (!table.isEmpty) tellTable();
  if (process.env.CI !== 'true' || skipped.length === 0) return;
  console.error(`Skipped, which is a failure where CI=true: ${skipped.join(', ')}`);
  process.exitCode = 1;
});

function tellTable() {
  const document = new URL('../docs/providers.md', import.meta.url);
  const mark = '<!-- The table below is written by the contract tests. -->\n';
  const [head] = readFileSync(document, 'utf8').split(mark);
  const text = table.toMarkdown();
  console.log(text);
  if (process.env.WRITE_PROVIDERS === 'true') writeFileSync(document, `${head}${mark}${text}`);
}

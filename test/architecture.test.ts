import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What each folder of src may import, beside itself. A folder that is not here may be imported by nobody below. */
const arrows: Record<string, readonly string[]> = {
  core: [],
  stream: [],
  settings: [],
  simulator: [],
  process: ['stream'],
  'tool-bridge': ['core', 'stream'],
  middleware: ['core', 'stream'],
  providers: ['core', 'stream', 'settings', 'process', 'tool-bridge'],
  gateway: ['core', 'stream', 'settings', 'middleware', 'providers/provider.ts', 'providers/registry.ts'],
  dialects: ['core', 'stream'],
  store: ['core'],
  http: ['core', 'stream', 'settings', 'dialects', 'gateway'],
};
/** These put the parts together: they may import everything, and only each other may import them. */
const wiring = ['cli.ts', 'commands', 'config.ts', 'server.ts'];

/** Everything but these treats all CLIs alike. */
const knowsClis = ['providers', 'simulator', 'dialects/registry.ts', ...wiring];
const cliNames = /claude|codex|gemini|qwen/i;

const longestFile = 250;

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path: path.slice('src/'.length), text: readFileSync(join(root, path), 'utf8') }));

/** Relative imports of a file, static or not, of values or of types, as paths below src. */
function imports({ path, text }: { path: string; text: string }): string[] {
  const targets = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]*)['"]/g);
  return [...targets].map(([, target = '']) => normalize(join(dirname(path), target)));
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

function isAllowed(from: string, to: string): boolean {
  if (isIn(from, wiring)) return !to.startsWith('../');
  const [folder = ''] = from.split('/');
  return isIn(to, [folder, ...(arrows[folder] ?? [])]);
}

/** A dialect may name the API that it speaks, as its folder does, and no other. */
function withoutOwnName(path: string, text: string): string {
  const [, name] = /^dialects\/([\w-]+)\//.exec(path) ?? [];
  return name === undefined ? text : text.replaceAll(new RegExp(name, 'gi'), '');
}

describe('architecture', () => {
  it('has a place for every file', () => {
    const homeless = files.filter(({ path }) => !isIn(path, [...wiring, ...Object.keys(arrows)]));
    assert.deepEqual(
      homeless.map(({ path }) => path),
      [],
    );
  });

  it('imports along the arrows only', () => {
    const strays = files.flatMap((file) =>
      imports(file)
        .filter((target) => !isAllowed(file.path, target))
        .map((target) => `${file.path} → ${target}`),
    );
    assert.deepEqual(strays, [], `not allowed:\n  ${strays.join('\n  ')}`);
  });

  it('names a CLI only where CLIs are told apart, or where an API of the same name is spoken', () => {
    const lines = files
      .filter(({ path }) => !isIn(path, knowsClis))
      .flatMap(({ path, text }) =>
        withoutOwnName(path, text)
          .split('\n')
          .flatMap((line, index) => (cliNames.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
      );
    assert.deepEqual(lines, [], `a CLI's name:\n  ${lines.join('\n  ')}`);
  });

  it('names a CLI in the wiring only where it has its own setting', () => {
    const lines = files
      .filter(({ path }) => isIn(path, wiring))
      .flatMap(({ path, text }) => (cliNames.test(text) ? [path] : []));
    // CLAUDE_CLI_PATH is read here, and the default home directory keeps the original's name.
    assert.deepEqual(lines, ['config.ts']);
  });

  it('keeps files short', () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > longestFile)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    assert.deepEqual(long, [], `longer than ${longestFile} lines:\n  ${long.join('\n  ')}`);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { clisFolder, skipWithoutClaude } from './support/claude-cli.ts';

const root = join(import.meta.dirname, '..');
const agentsFolder = join(root, 'test', 'agents');
const { size } = JSON.parse(readFileSync(join(clisFolder, 'package.json'), 'utf8'));
const [, packagesSize = ''] =
  /packagesSize = '(.*)'/.exec(readFileSync(join(root, 'scripts', 'bootstrap.mjs'), 'utf8')) ?? [];
const unitBytes: Record<string, number> = { MB: 1e6, GB: 1e9 };

/** What a folder takes on disk, in bytes; files with several names count once. */
function bytesOf(folder: string): number {
  const files = globSync('**', { cwd: folder }).map((file) => lstatSync(join(folder, file)));
  return new Map(files.filter((file) => file.isFile()).map(({ ino, size }) => [ino, size]))
    .values()
    .reduce((sum, size) => sum + size, 0);
}

describe('the packages that npm installs', { timeout: 120_000 }, () => {
  for (const folder of [root, clisFolder, agentsFolder]) {
    it(`are all in the lockfile, whatever the system: ${basename(folder === root ? 'the project' : folder)}`, () => {
      const empty = mkdtempSync(join(tmpdir(), 'lockfile-'));
      try {
        for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(folder, file), join(empty, file));
        // It fails where the two files do not agree, or where a package would have to be asked for.
        execFileSync('npm', ['ci', '--dry-run', '--offline', `--cache=${empty}`], { cwd: empty, stdio: 'pipe' });
      } finally {
        rmSync(empty, { recursive: true, force: true });
      }
    });
  }

  for (const { folder, said } of [
    { folder: root, said: packagesSize },
    { folder: clisFolder, said: size },
  ]) {
    it(`are as large as is said before and in the README: ${said}`, { skip: skipWithoutClaude }, () => {
      const [, amount, unit = ''] = /([\d.]+) (MB|GB) on disk/.exec(said) ?? [];
      const ratio = bytesOf(join(folder, 'node_modules')) / (Number(amount) * (unitBytes[unit] ?? 0));
      // Systems and versions of npm differ a little.
      assert.ok(ratio > 0.7 && ratio < 1.4, `it is ${ratio} times that`);
      assert.ok(readFileSync(join(root, 'README.md'), 'utf8').includes(said));
    });
  }
});

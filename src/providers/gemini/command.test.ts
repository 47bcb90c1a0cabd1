import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { resolveCommand } from './command.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'gemini-command-')));
after(() => rmSync(root, { recursive: true, force: true }));

function install(name: string, engines: string): { link: string; script: string } {
  const folder = join(root, name);
  mkdirSync(join(folder, 'bundle'), { recursive: true });
  const manifest = { name: '@google/gemini-cli', version: '0.61.0', engines: { node: engines } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const script = join(folder, 'bundle', 'gemini.js');
  writeFileSync(script, '#!/usr/bin/env node\n', { mode: 0o755 });
  const link = join(root, `${name}-link`);
  symlinkSync(script, link);
  return { link, script };
}

describe('resolveCommand of Gemini CLI', () => {
  it('runs the package’s script itself, with our Node', async () => {
    const { link, script } = install('usual', '>=20');
    assert.deepEqual(await resolveCommand(link), {
      executable: process.execPath,
      arguments: ['--max-semi-space-size=8', script],
      version: '0.61.0',
    });
  });

  it('leaves the choice to the script where our Node is too old for it', async () => {
    const { link } = install('future', '>=999');
    assert.deepEqual(await resolveCommand(link), { executable: link, arguments: [], version: '0.61.0' });
  });

  it('runs any other program as it is', async () => {
    const file = join(root, 'wrapper');
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
    assert.deepEqual(await resolveCommand(file), { executable: file, arguments: [], version: undefined });
  });
});

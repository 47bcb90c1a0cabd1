import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nativeProgram } from './native-program.ts';

const triples: Record<string, string> = {
  'linux x64': 'x86_64-unknown-linux-musl',
  'linux arm64': 'aarch64-unknown-linux-musl',
  'darwin x64': 'x86_64-apple-darwin',
  'darwin arm64': 'aarch64-apple-darwin',
};
const triple = triples[`${process.platform} ${process.arch}`] ?? '';

describe('nativeProgram', { skip: triple === '' && 'Codex has no package for this platform' }, () => {
  let directory = '';
  before(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'native-program-')));
  });
  after(() => rmSync(directory, { recursive: true }));

  function write(file: string, text: string): string {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  }

  /** npm's layout: a command that links to the script of the main package. */
  function install(folder: string): string {
    write(`${folder}/node_modules/@openai/codex/bin/codex.js`, '#!/usr/bin/env node\n');
    mkdirSync(join(directory, folder, 'bin'), { recursive: true });
    const command = join(directory, folder, 'bin', 'codex');
    symlinkSync('../node_modules/@openai/codex/bin/codex.js', command);
    return command;
  }

  it('finds the program of the platform package', async () => {
    const command = install('npm');
    const name = `@openai/codex-${process.platform}-${process.arch}`;
    write(`npm/node_modules/${name}/package.json`, '{}');
    const native = write(`npm/node_modules/${name}/vendor/${triple}/bin/codex`, '\x7fELF');
    assert.equal(await nativeProgram(command), native);
  });

  it('finds the program that the main package brings itself', async () => {
    const command = install('bundled');
    const native = write(`bundled/node_modules/@openai/codex/vendor/${triple}/bin/codex`, '\x7fELF');
    assert.equal(await nativeProgram(command), native);
  });

  it('leaves alone what is native already, and scripts that it does not know', async () => {
    const native = write('plain/codex', '\x7fELF');
    const shim = write('shim/codex', '#!/bin/sh\nexec /opt/codex "$@"\n');
    const incomplete = install('incomplete');
    for (const command of [native, shim, incomplete]) assert.equal(await nativeProgram(command), command);
  });
});

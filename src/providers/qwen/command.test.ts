import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { resolveCommand } from './command.ts';

describe('resolveCommand', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'command-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const install = (manifest: object) => {
    const home = join(folder, 'package');
    mkdirSync(home);
    for (const name of ['cli-entry.js', 'cli.js']) writeFileSync(join(home, name), '');
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
    symlinkSync(join(home, 'cli-entry.js'), join(folder, 'qwen'));
    return join(folder, 'qwen');
  };

  it('starts what stands behind the package’s script, with our Node', async () => {
    const manifest = { name: '@qwen-code/qwen-code', version: '0.24.4', engines: { node: '>=18' } };
    const { executable, arguments: words, version } = await resolveCommand(install(manifest));
    assert.equal(executable, process.execPath);
    assert.equal(words.at(-1), join(folder, 'package', 'cli.js'));
    assert.equal(version, '0.24.4');
  });

  it('leaves it to the script where our Node is too old for it', async () => {
    const program = install({ name: '@qwen-code/qwen-code', version: '1.0.0', engines: { node: '>=999' } });
    assert.deepEqual(await resolveCommand(program), { executable: program, arguments: [], version: '1.0.0' });
  });

  it('starts a program of another kind as it is', async () => {
    const program = install({ name: 'something-else' });
    assert.deepEqual(await resolveCommand(program), { executable: program, arguments: [], version: undefined });
  });
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { executableIdentity, findExecutable } from './executable.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'executable-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(folder: string, mode = 0o755): string {
  mkdirSync(join(root, folder), { recursive: true });
  const file = join(root, folder, 'tool');
  writeFileSync(file, '#!/bin/sh\n', { mode });
  return file;
}

const path = (...folders: string[]) => folders.map((folder) => join(root, folder)).join(delimiter);

describe('findExecutable', () => {
  it('takes the first executable file on the search path', async () => {
    program('plain', 0o644);
    mkdirSync(join(root, 'folder', 'tool'), { recursive: true });
    const first = program('first');
    program('second');
    const search = `${delimiter}${path('missing', 'plain', 'folder', 'first', 'second')}`;
    assert.equal(await findExecutable('tool', search), first);
    assert.equal(await findExecutable('other', search), undefined);
    assert.equal(await findExecutable('tool', ''), undefined);
  });

  it("passes over a project's own installation", async () => {
    program('project/node_modules/.bin');
    const users = program('bin');
    assert.equal(await findExecutable('tool', path('project/node_modules/.bin', 'bin')), users);
    assert.equal(await findExecutable('tool', path('project/node_modules/.bin')), undefined);
  });

  it('takes a path as it is, wherever it points', async () => {
    const file = program('project/node_modules/.bin');
    assert.equal(await findExecutable(file, ''), file);
    assert.equal(await findExecutable(relative(process.cwd(), file), ''), file);
    assert.equal(await findExecutable(join(root, 'missing'), path('bin')), undefined);
    chmodSync(file, 0o644);
    assert.equal(await findExecutable(file, ''), undefined);
    assert.equal(await findExecutable(root, ''), undefined);
  });
});

describe('executableIdentity', () => {
  it('changes when the program does, or when the link is turned elsewhere, and only then', async () => {
    const one = program('one');
    const two = program('two');
    const link = join(root, 'link');
    symlinkSync(one, link);
    const before = await executableIdentity(link);
    assert.equal(await executableIdentity(link), before);
    assert.equal(await executableIdentity(one), before);
    writeFileSync(one, '#!/bin/sh\necho a newer version\n');
    const newer = await executableIdentity(link);
    assert.notEqual(newer, before);
    unlinkSync(link);
    symlinkSync(two, link);
    assert.notEqual(await executableIdentity(link), newer);
  });
});

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { makeFolders } from './make-folders.ts';

const base = mkdtempSync(join(tmpdir(), 'make-folders-'));
after(() => rmSync(base, { recursive: true, force: true }));

describe('makeFolders', { timeout: 10_000 }, () => {
  it('makes all that are missing, for their owner alone, and is content with those that are there', async () => {
    const folder = join(base, 'a', 'b', 'c');
    await makeFolders(folder);
    await makeFolders(folder);
    for (const path of [folder, join(base, 'a', 'b')]) assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  it('fails where a file is in the way', async () => {
    writeFileSync(join(base, 'file'), '');
    await assert.rejects(makeFolders(join(base, 'file', 'below')), { code: 'ENOTDIR' });
  });

  it('fails where the file system has no place for a folder', {
    skip: !existsSync('/proc/self') && 'no /proc',
  }, async () => {
    await assert.rejects(makeFolders('/proc/nothing/below'), { code: 'ENOENT' });
  });
});

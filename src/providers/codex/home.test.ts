import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CodexHome } from './home.ts';

describe('CodexHome', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'codex-home-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  it('is the owner’s alone', async () => {
    const home = new CodexHome(join(directory, 'a', 'default'));
    await home.prepare();
    assert.equal(statSync(home.folder).mode & 0o777, 0o700);
  });

  it('has no settings of anybody else, and keeps the login', async () => {
    const home = new CodexHome(join(directory, 'b'));
    await home.prepare();
    writeFileSync(join(home.folder, 'config.toml'), '[mcp_servers.mine]\ncommand = "x"\n');
    writeFileSync(join(home.folder, 'auth.json'), '{}');
    await home.prepare();
    assert.doesNotMatch(readFileSync(join(home.folder, 'config.toml'), 'utf8'), /mcp_servers/);
    assert.equal(readFileSync(join(home.folder, 'auth.json'), 'utf8'), '{}');
  });

  it('does not start with instructions in it, and says so without a path', async () => {
    const home = new CodexHome(join(directory, 'c'));
    await home.prepare();
    for (const name of ['AGENTS.md', 'AGENTS.override.md']) {
      writeFileSync(join(home.folder, name), 'Say moo.');
      await assert.rejects(home.prepare(), (error: Error) => {
        return error.message.includes(name) && !error.message.includes(directory);
      });
      rmSync(join(home.folder, name));
    }
    await home.prepare();
  });
});

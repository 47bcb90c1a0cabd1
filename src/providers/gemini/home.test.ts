import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { prepareHome, slotDirectory } from './home.ts';
import type { GeminiLogin } from './login.ts';

const root = mkdtempSync(join(tmpdir(), 'gemini-home-'));
after(() => rmSync(root, { recursive: true, force: true }));

describe('prepareHome', () => {
  it('links the login without copying it, and tells the CLI of its directories', async () => {
    const own = join(root, 'oauth_creds.json');
    writeFileSync(own, 'secret');
    const directory = mkdtempSync(join(root, 'home-'));
    const files = [own, join(root, 'google_accounts.json')];
    const login: GeminiLogin = { method: 'oauth-personal', payer: '', variables: {}, files };
    const { programsDirectory } = await prepareHome(directory, login, process.env.PATH ?? '');
    assert.equal(readlinkSync(join(directory, '.gemini', 'oauth_creds.json')), own);
    // Not there yet: the CLI makes it, through the link.
    assert.equal(readlinkSync(join(directory, '.gemini', 'google_accounts.json')), files[1]);
    const read = (name: string) => JSON.parse(readFileSync(join(directory, '.gemini', name), 'utf8'));
    assert.equal(read('settings.json').security.auth.selectedType, 'oauth-personal');
    assert.deepEqual(readdirSync(programsDirectory).sort(), ['bash', 'cat']);
    assert.equal(read('projects.json').projects[slotDirectory(directory, 7)], 'slot-7');
  });
});

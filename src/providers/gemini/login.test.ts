import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findLogin } from './login.ts';

const root = mkdtempSync(join(tmpdir(), 'login-'));
after(() => rmSync(root, { recursive: true, force: true }));

let homes = 0;
function home(files: Record<string, string> = {}): string {
  homes += 1;
  const folder = join(root, String(homes), '.gemini');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(root, String(homes));
}

const credentials = { 'oauth_creds.json': '{"refresh_token":"secret"}' };

describe('findLogin', () => {
  it('finds none where there is none', async () => {
    assert.equal(await findLogin({}, home()), undefined);
    assert.equal(await findLogin({ GEMINI_API_KEY: '' }, home({ 'oauth_creds.json': '{}' })), undefined);
  });

  it('takes a key before a Google account', async () => {
    const login = await findLogin({ GEMINI_API_KEY: 'key', GOOGLE_GEMINI_BASE_URL: 'http://x' }, home(credentials));
    assert.equal(login?.method, 'gemini-api-key');
    assert.deepEqual(login?.variables, { GEMINI_API_KEY: 'key', GOOGLE_GEMINI_BASE_URL: 'http://x' });
    assert.deepEqual(login?.files, []);
  });

  it('takes a key that the CLI’s own file holds, and nothing else of it', async () => {
    const own = home({ '.env': 'GEMINI_API_KEY=filed\nOPERATOR=x\n' });
    assert.deepEqual((await findLogin({}, own))?.variables, { GEMINI_API_KEY: 'filed' });
    assert.equal((await findLogin({ GEMINI_API_KEY: 'set' }, own))?.variables.GEMINI_API_KEY, 'set');
  });

  it('links a Google login, and says what speaks against it', async () => {
    const own = home(credentials);
    const login = await findLogin({}, own);
    assert.equal(login?.method, 'oauth-personal');
    assert.deepEqual(login?.files, [
      join(own, '.gemini', 'oauth_creds.json'),
      join(own, '.gemini', 'google_accounts.json'),
    ]);
    assert.doesNotMatch(JSON.stringify(login), /secret/);
    assert.match(login?.payer ?? '', /terms.*GEMINI_API_KEY/);
  });

  it('looks where the CLI’s home was moved to', async () => {
    assert.equal((await findLogin({ GEMINI_CLI_HOME: home(credentials) }, home()))?.method, 'oauth-personal');
  });

  it('takes Vertex AI where it is switched on', async () => {
    const variables = { GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_CLOUD_LOCATION: 'l', GEMINI_API_KEY: 'key' };
    const login = await findLogin({ ...variables, GOOGLE_GENAI_USE_VERTEXAI: 'true' }, home());
    assert.equal(login?.method, 'vertex-ai');
    assert.equal(login?.variables.GOOGLE_CLOUD_PROJECT, 'p');
    assert.equal(login?.variables.GEMINI_API_KEY, undefined);
    assert.equal((await findLogin({ ...variables, GOOGLE_GENAI_USE_VERTEXAI: '0' }, home()))?.method, 'gemini-api-key');
  });
});

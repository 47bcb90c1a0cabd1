import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findLogin } from './login.ts';

const entry = (id: string, rest: object = {}) => ({
  id,
  baseUrl: 'https://api.example.com/v1',
  envKey: 'OWN_KEY',
  ...rest,
});

describe('findLogin', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'login-'));
    mkdirSync(join(home, '.qwen'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const write = (name: string, content: unknown) => {
    writeFileSync(join(home, '.qwen', name), typeof content === 'string' ? content : JSON.stringify(content));
  };

  it('takes what the user has chosen in the settings, and nothing else of them', async () => {
    write('settings.json', {
      security: { auth: { selectedType: 'openai' }, folderTrust: { enabled: true } },
      modelProviders: { openai: [entry('qwen3-max'), entry('glm-5')], anthropic: [entry('claude-x')] },
      model: { name: 'glm-5', skipLoopDetection: false },
      env: { OWN_KEY: 'sk-own', OTHER: 'secret' },
      hooks: { Stop: [] },
      mcpServers: { own: { command: 'own' } },
      proxy: 'http://proxy:1',
    });
    const login = await findLogin({ OPENAI_API_KEY: 'sk-other', GEMINI_API_KEY: 'g' }, home);
    assert.deepEqual(login, {
      method: 'openai',
      payer: 'the key in OWN_KEY at api.example.com',
      settings: {
        security: { auth: { selectedType: 'openai' } },
        modelProviders: { openai: [entry('qwen3-max'), entry('glm-5')] },
        model: { name: 'glm-5', baseUrl: undefined },
        proxy: 'http://proxy:1',
      },
      variables: { OWN_KEY: 'sk-own', OPENAI_API_KEY: 'sk-other' },
      files: [],
      group: 'openai',
      entries: [entry('qwen3-max'), entry('glm-5')],
    });
  });

  it('lets the environment win over the CLI’s .env file, and that over the settings', async () => {
    write('settings.json', {
      security: { auth: { selectedType: 'openai' } },
      modelProviders: { openai: [entry('a'), entry('b', { envKey: 'SECOND' }), entry('c', { envKey: 'THIRD' })] },
      env: { OWN_KEY: '1', SECOND: '1', THIRD: '1' },
    });
    write('.env', 'SECOND=2\nTHIRD=2\n');
    assert.deepEqual((await findLogin({ THIRD: '3' }, home))?.variables, { OWN_KEY: '1', SECOND: '2', THIRD: '3' });
  });

  it('follows a group of another name that speaks the chosen protocol', async () => {
    write('settings.json', {
      security: { auth: { selectedType: 'openai' } },
      modelProviders: { house: [entry('qwen3-max')] },
      providerProtocol: { house: 'openai', other: 'gemini' },
    });
    const login = await findLogin({ OWN_KEY: 'k' }, home);
    assert.equal(login?.group, 'house');
    assert.deepEqual(login?.settings.providerProtocol, { house: 'openai' });
  });

  it('reads the environment as the CLI does where nothing is chosen', async () => {
    const complete = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://api.example.com/v1', OPENAI_MODEL: 'qwen3-max' };
    const login = await findLogin({ ...complete, DATABASE_URL: 'secret', ANTHROPIC_API_KEY: 'a' }, home);
    assert.equal(login?.method, 'openai');
    assert.equal(login?.payer, 'the key in OPENAI_API_KEY at api.example.com');
    assert.deepEqual(login?.variables, complete);
    assert.equal(await findLogin({ OPENAI_API_KEY: 'k' }, home), undefined);
    assert.equal((await findLogin({ GEMINI_API_KEY: 'k', GEMINI_MODEL: 'm' }, home))?.method, 'gemini');
  });

  it('finds no login where the chosen one has no key', async () => {
    write('settings.json', {
      security: { auth: { selectedType: 'openai' } },
      modelProviders: { openai: [entry('a')] },
    });
    assert.equal(await findLogin({}, home), undefined);
  });

  it('takes the key that stands in the settings by itself', async () => {
    write('settings.json', {
      security: { auth: { selectedType: 'openai', apiKey: 'k', baseUrl: 'https://api.example.com/v1' } },
    });
    const variables = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://api.example.com/v1' };
    assert.deepEqual((await findLogin({}, home))?.variables, variables);
  });

  it('links the file of an account’s login without a look into it', async () => {
    write('settings.json', '{ // chosen\n "security": { "auth": { "selectedType": "qwen-oauth" } } }');
    assert.equal(await findLogin({}, home), undefined);
    write('oauth_creds.json', { refresh_token: 'r' });
    const login = await findLogin({}, home);
    assert.deepEqual(login?.files, [join(home, '.qwen', 'oauth_creds.json')]);
    assert.equal(login?.payer, 'your Qwen login');
  });

  it('looks where QWEN_HOME says', async () => {
    const complete = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://a.example/v1', OPENAI_MODEL: 'm' };
    write('settings.json', { security: { auth: { selectedType: 'qwen-oauth' } } });
    assert.equal((await findLogin({ ...complete, QWEN_HOME: join(home, 'elsewhere') }, home))?.method, 'openai');
  });
});

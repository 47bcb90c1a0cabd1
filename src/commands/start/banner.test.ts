import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../config.ts';
import type { ProviderStatus } from '../../providers/provider.ts';
import { keyLines, listeningLines, providerLines, suggestionLines, warnings } from './banner.ts';

const server = { url: 'http://127.0.0.1:8001', port: 8001 };
const text = (lines: readonly string[]) => lines.join('\n');

function configOf(environment: Record<string, string>) {
  return readConfig({ environment, directory: '/nowhere' });
}

function statusOf(status: Partial<ProviderStatus>): ProviderStatus {
  return { state: 'ready', models: [], ...status };
}

describe('the banner', () => {
  it('says where the server listens, and that a port was taken', () => {
    const lines = listeningLines({ server, config: configOf({}) });
    assert.deepEqual(lines, [
      'Listening on http://127.0.0.1:8001/v1',
      'Port 8000 is taken, so it is port 8001 this time.',
      'Callers need no API key.',
    ]);
  });

  it('says nothing of ports where any port was asked for', () => {
    assert.doesNotMatch(text(listeningLines({ server, config: configOf({ PORT: '0' }) })), /taken/);
  });

  it('says that a key is needed without showing it', () => {
    const lines = listeningLines({ server, config: configOf({ PORT: '8001', API_KEY: 'secret-key' }) });
    assert.deepEqual(lines, ['Listening on http://127.0.0.1:8001/v1', 'Callers need the API key.']);
  });

  it('shows a new key with a call that uses it', () => {
    assert.match(
      text(keyLines({ server, key: 'k'.repeat(32) })),
      /curl \S+\/v1\/models -H 'Authorization: Bearer k{32}'/,
    );
  });

  const network = { open: true, networkUrls: ['http://192.168.1.9:8001', 'http://[fd00::9]:8001'] };
  const closed = { open: false, networkUrls: [] };
  const longKey = 'k'.repeat(16);

  it('says aloud that other machines can connect, where, and who would pay', () => {
    const open = configOf({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'true' });
    assert.deepEqual(warnings({ server: network, config: open }), [
      'Other machines can connect: http://192.168.1.9:8001/v1, http://[fd00::9]:8001/v1. ' +
        'They need no API key: anybody who reaches this machine can spend your subscription.',
    ]);
    assert.match(
      text(warnings({ server: { open: true, networkUrls: [] }, config: open })),
      /^Other machines can connect\. They need no API key/,
    );
    const [locked = ''] = warnings({ server: network, config: configOf({ HOST: '::', API_KEY: longKey }) });
    assert.match(locked, /^Other machines can connect: .* They need the API key, which travels there unencrypted\.$/);
  });

  it('recommends a longer key without showing the short one', () => {
    const [warning = '', ...more] = warnings({
      server: closed,
      config: configOf({ API_KEY: `${longKey},tiny` }),
    });
    assert.deepEqual(more, []);
    assert.match(warning, /^API_KEY holds a key that can be guessed: take 16 characters or more\.$/);
  });

  it('warns of nothing where only this machine can connect', () => {
    for (const key of ['', longKey]) {
      assert.deepEqual(warnings({ server: closed, config: configOf({ API_KEY: key }) }), []);
    }
  });

  it('says what a CLI that is ready is, who pays, and what it offers', () => {
    const model = { aliases: ['sonnet'], id: 'claude-sonnet-5' } as ProviderStatus['models'][number];
    const login = { method: 'oauth', payer: 'your Claude max subscription' };
    const status = statusOf({ version: '2.1.300', login, models: [model] });
    assert.deepEqual(providerLines({ title: 'Claude Code' }, status, { isDemo: false }), [
      'Claude Code 2.1.300 ready',
      '  Paid by your Claude max subscription.',
      '  1 model: claude-sonnet-5 (sonnet)',
    ]);
  });

  it('says what is wrong with a CLI and what to do', () => {
    const status = statusOf({ state: 'signed-out', version: '2.1.300', advice: 'Sign in.' });
    assert.deepEqual(providerLines({ title: 'Claude Code' }, status, { isDemo: false }), [
      'Claude Code 2.1.300 not signed in',
      '  Sign in.',
    ]);
  });

  it('says of a demo that no real model speaks', () => {
    const status = statusOf({ login: { method: 'api_key', payer: 'the key in a variable' } });
    const lines = text(providerLines({ title: 'Demo' }, status, { isDemo: true }));
    assert.match(lines, /scripted answers: no real model speaks/);
    assert.doesNotMatch(lines, /Paid by/);
  });

  it('ends with a call to paste, whose body is JSON', () => {
    const lines = suggestionLines({ server, locked: true, model: 'claude-x', demoModel: 'demo-x', demoCommand: 'd' });
    const bodies = lines.flatMap((line) => /-d '(.*)'$/.exec(line)?.[1] ?? []).map((body) => JSON.parse(body));
    assert.deepEqual(
      bodies.map(({ model }) => model),
      ['claude-x', 'demo-x', 'demo-x'],
    );
    assert.match(bodies[2].messages[0].content, /\[\[call get_weather/);
    assert.equal(text(lines).match(/Authorization: Bearer/g)?.length, 3);
  });

  it('has a call to paste where only demo models are there', () => {
    const lines = suggestionLines({ server, locked: false, demoModel: 'demo-x', demoCommand: 'npm start -- demo' });
    assert.equal(lines.filter((line) => /^ {2}curl \S+\/chat\/completions .*"model":"demo-x"/.test(line)).length, 2);
    assert.doesNotMatch(text(lines), /npm start/);
  });

  it('says in one line how to get demo models where no CLI is ready', () => {
    const lines = suggestionLines({ server, locked: false, demoCommand: 'npm start -- demo' });
    assert.equal(lines.at(-1), 'Demo models need no account: npm start -- demo');
    assert.doesNotMatch(
      text(suggestionLines({ server, locked: false, model: 'claude-x', demoCommand: 'npm start -- demo' })),
      /demo/i,
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { envExample } from '../scripts/env-example.ts';
import { readConfig, settingGroups } from '../src/config.ts';

const file = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');

test('.env.example is what the settings say', () => {
  assert.equal(file, envExample(), 'run `npm run env`');
});

test('.env.example changes nothing as it is, and nothing when every line of it is used', () => {
  assert.deepEqual(parseEnv(file), {});
  const values = parseEnv(file.replace(/^#(?=[A-Z])/gm, ''));
  const read = (environment: Record<string, string | undefined>) => {
    const { environment: _, ...config } = readConfig({ environment, directory: '/nowhere' });
    return config;
  };
  assert.deepEqual(read(values), read({}));
});

test('no two parts of the program own the same variable', () => {
  const names = settingGroups.flatMap(({ settings }) => Object.keys(settings));
  assert.deepEqual(names, [...new Set(names)]);
});

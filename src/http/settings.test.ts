import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { httpSettings, toHttpSettings } from './settings.ts';

const environment = z.object(httpSettings);
const read = (values: Record<string, string>) => environment.safeParse(values);

test('an empty environment gives the documented defaults', () => {
  assert.deepEqual(environment.parse({}), {
    PORT: 8000,
    HOST: '127.0.0.1',
    API_KEY: [],
    ALLOWED_HOSTS: [],
    ALLOW_UNAUTHENTICATED: false,
    MAX_BODY_BYTES: 33_554_432,
    MAX_IMAGES: 20,
    MAX_IMAGE_BYTES: 3_932_160,
    MAX_TIMEOUT: 600_000,
    SSE_KEEPALIVE_INTERVAL: 15,
    FIRST_EVENT_HOLD_MS: 3000,
    LOG_PROMPTS: false,
  });
  const settings = toHttpSettings(environment.parse({}));
  assert.equal(settings.sseKeepAliveMs, 15_000);
  assert.equal(settings.corsOrigins, undefined);
  assert.deepEqual(settings.images, { count: 20, bytes: 3.75 * 1024 * 1024 });
});

const readable: [name: keyof typeof httpSettings, text: string, value: unknown][] = [
  ['PORT', '0', 0],
  ['API_KEY', ' one, two,,', ['one', 'two']],
  ['API_KEY', '', []],
  ['CORS_ORIGINS', '["https://a.example", "app://obsidian.md", "*"]', ['https://a.example', 'app://obsidian.md', '*']],
  ['CORS_ORIGINS', '[]', []],
  ['ALLOWED_HOSTS', 'wrapper,box.lan', ['wrapper', 'box.lan']],
  ['ALLOW_UNAUTHENTICATED', 'YES', true],
  ['LOG_PROMPTS', 'off', false],
  ['LOG_PROMPTS', '1', true],
  ['MAX_BODY_BYTES', '1048576', 1_048_576],
  ['MAX_BODY_BYTES', '64 MB', 67_108_864],
  ['MAX_BODY_BYTES', '512k', 524_288],
  ['MAX_BODY_BYTES', '1MiB', 1_048_576],
  ['SSE_KEEPALIVE_INTERVAL', '0.5', 0.5],
];
for (const [name, text, value] of readable) {
  test(`reads ${name}=${text}`, () => {
    const result = read({ [name]: text });
    assert.deepEqual(result.data?.[name], value);
  });
}

const unreadable: [name: keyof typeof httpSettings, text: string][] = [
  ['PORT', ''],
  ['PORT', '80a'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['HOST', ''],
  ['HOST', 'http://localhost'],
  ['API_KEY', 'two words'],
  ['API_KEY', 'schlüssel'],
  ['CORS_ORIGINS', 'https://a.example'],
  ['CORS_ORIGINS', '["https://a.example/path"]'],
  ['CORS_ORIGINS', '[1]'],
  ['ALLOW_UNAUTHENTICATED', 'maybe'],
  ['MAX_BODY_BYTES', '0'],
  ['MAX_BODY_BYTES', '32 apples'],
  ['MAX_BODY_BYTES', '1gb'],
  ['MAX_TIMEOUT', '1e3'],
  ['MAX_TIMEOUT', '2147483648'],
  ['SSE_KEEPALIVE_INTERVAL', '0'],
];
for (const [name, text] of unreadable) {
  test(`refuses ${name}=${text} and names it`, () => {
    const result = read({ [name]: text });
    assert.equal(result.error?.issues[0]?.path[0], name);
  });
}

test('every variable is described', () => {
  for (const [name, schema] of Object.entries(httpSettings)) assert.ok(schema.description, name);
});

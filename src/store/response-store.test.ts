import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { StoredResponse } from '../core/stored-response.ts';
import { ResponseStore, type ResponseStoreOptions } from './response-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'response-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function newFile(): string {
  files += 1;
  return join(folder, 'state', `${files}.sqlite`);
}

function open(options: Partial<ResponseStoreOptions> = {}): ResponseStore {
  return new ResponseStore({ file: ':memory:', maxAgeMs: 60_000, maxBytes: 1_000_000, ...options });
}

function response(id: string, rest: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id,
    caller: 'ada',
    createdAt: new Date(),
    previousId: undefined,
    input: [{ role: 'user', content: `question ${id} 🙂 \u0000` }],
    response: { id, output: [{ text: `answer ${id}` }] },
    ...rest,
  };
}

describe('ResponseStore', () => {
  it('gives back what was stored', () => {
    using store = open();
    const stored = response('resp_1');
    store.put(stored);
    assert.deepEqual(store.get('ada', 'resp_1'), stored);
    store.put({ ...stored, response: { id: 'resp_1', status: 'completed' } });
    assert.deepEqual(store.get('ada', 'resp_1')?.response, { id: 'resp_1', status: 'completed' });
  });

  it('shows nobody what is another caller’s', () => {
    using store = open();
    store.put(response('resp_1'));
    store.put(response('resp_2', { caller: 'eve', previousId: 'resp_1' }));
    assert.equal(store.get('eve', 'resp_1'), undefined);
    assert.equal(store.delete('eve', 'resp_1'), false);
    assert.equal(store.conversation('eve', 'resp_2'), undefined);
    assert.notEqual(store.get('ada', 'resp_1'), undefined);
  });

  it('tells a conversation from its beginning', () => {
    using store = open();
    const ids = Array.from({ length: 50 }, (_, index) => `resp_${index}`);
    for (const [index, id] of ids.entries()) store.put(response(id, { previousId: ids[index - 1] }));
    assert.deepEqual(
      store.conversation('ada', 'resp_49')?.map(({ id }) => id),
      ids,
    );
    assert.equal(store.conversation('ada', 'resp_0')?.length, 1);
    assert.equal(store.conversation('ada', 'resp_none'), undefined);
  });

  it('does not pass off a conversation with a hole in it as a whole one', () => {
    using store = open();
    store.put(response('a'));
    store.put(response('b', { previousId: 'a' }));
    store.put(response('c', { previousId: 'b' }));
    assert.equal(store.delete('ada', 'a'), true);
    assert.equal(store.delete('ada', 'a'), false);
    assert.equal(store.conversation('ada', 'c'), undefined);
    assert.notEqual(store.get('ada', 'c'), undefined);
  });

  it('forgets what is too old', () => {
    let now = 1_000_000;
    using store = open({ now: () => now });
    store.put(response('old', { createdAt: new Date(now) }));
    now += 59_000;
    assert.notEqual(store.get('ada', 'old'), undefined);
    now += 2_000;
    assert.equal(store.get('ada', 'old'), undefined);
    assert.equal(store.conversation('ada', 'old'), undefined);
  });

  it('drops the oldest when it grows too large', () => {
    using store = open({ maxBytes: 10_000 });
    for (let index = 0; index < 30; index += 1) {
      store.put(response(`resp_${index}`, { createdAt: new Date(Date.now() + index), input: ['x'.repeat(1_000)] }));
    }
    assert.equal(store.get('ada', 'resp_0'), undefined);
    assert.equal(store.get('ada', 'resp_20'), undefined);
    assert.notEqual(store.get('ada', 'resp_29'), undefined);
    assert.notEqual(store.get('ada', 'resp_25'), undefined);
  });

  it('survives a restart, in a file that only its owner can read', () => {
    const file = newFile();
    {
      using store = open({ file });
      store.put(response('kept'));
      for (const name of [file, `${file}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
      assert.equal(statSync(join(folder, 'state')).mode & 0o777, 0o700);
    }
    using store = open({ file });
    assert.equal(store.get('ada', 'kept')?.id, 'kept');
  });

  it('is shared by servers side by side', () => {
    const file = newFile();
    using one = open({ file });
    using other = open({ file });
    one.put(response('from one'));
    other.put(response('from other', { previousId: 'from one' }));
    assert.equal(one.conversation('ada', 'from other')?.length, 2);
  });

  it('refuses a file that is no database', () => {
    const file = newFile();
    open({ file })[Symbol.dispose]();
    writeFileSync(file, 'something else entirely, and long enough to be read as a header'.repeat(20));
    assert.throws(() => open({ file }), /not a database/);
  });
});

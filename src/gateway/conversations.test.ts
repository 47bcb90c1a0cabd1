import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises';
import { ScriptedSession } from '../../test/support/scripted-provider.ts';
import { Conversations } from './conversations.ts';

const session = () =>
  new ScriptedSession({ account: 'default', web: false }, () => () => {
    throw new Error('never asked');
  });
const roomy = { liveSessions: 10, liveSessionMs: 60_000 };
const always = () => true;

describe('Conversations', () => {
  it('finds the session that holds the longest beginning, and hands it out once', () => {
    const conversations = new Conversations(roomy);
    const [short, long] = [session(), session()];
    conversations.keep('two', short);
    conversations.keep('four', long);
    const digests = ['none', 'one', 'two', 'three', 'four', 'five'];
    assert.deepEqual(conversations.take(digests, always), { session: long, known: 4 });
    assert.deepEqual(conversations.take(digests, always), { session: short, known: 2 });
    assert.equal(conversations.take(digests, always), undefined);
    assert.equal(conversations.size, 0);
    assert.ok(!long.disposed && !short.disposed);
  });

  it('takes no session for the bare setting without a message', () => {
    const conversations = new Conversations(roomy);
    conversations.keep('none', session());
    assert.equal(conversations.take(['none', 'one'], always), undefined);
  });

  it('leaves a session where it is when the rest of the request is no continuation', () => {
    const conversations = new Conversations(roomy);
    conversations.keep('two', session());
    assert.equal(
      conversations.take(['none', 'one', 'two'], (known) => {
        assert.equal(known, 2);
        return false;
      }),
      undefined,
    );
    assert.equal(conversations.size, 1);
  });

  it('closes the oldest session when there are too many', () => {
    const conversations = new Conversations({ ...roomy, liveSessions: 2 });
    const sessions = [session(), session(), session()];
    conversations.keep('a', sessions[0] as ScriptedSession);
    conversations.keep('b', sessions[1] as ScriptedSession);
    conversations.keep('c', sessions[2] as ScriptedSession);
    assert.deepEqual(
      sessions.map(({ disposed }) => disposed),
      [true, false, false],
    );
    assert.equal(conversations.size, 2);
  });

  it('closes a session that nobody asked for in time, and one whose conversation another session holds too', async () => {
    const conversations = new Conversations({ ...roomy, liveSessionMs: 30 });
    const [first, second] = [session(), session()];
    conversations.keep('a', first);
    conversations.keep('a', second);
    assert.ok(first.disposed && !second.disposed);
    assert.equal(conversations.size, 1);
    await sleep(200);
    assert.ok(second.disposed);
    assert.equal(conversations.size, 0);
  });

  it('does not close a session that has been taken, nor the next one there, when its time is over', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const conversations = new Conversations({ ...roomy, liveSessionMs: 1_000 });
    const [taken, next] = [session(), session()];
    conversations.keep('a', taken);
    conversations.take(['', 'a'], always);
    test.mock.timers.tick(900);
    conversations.keep('a', next);
    test.mock.timers.tick(900);
    assert.ok(!taken.disposed && !next.disposed);
    test.mock.timers.tick(200);
    assert.ok(!taken.disposed && next.disposed);
  });

  it('keeps nothing where nothing shall be kept, nor what cannot be used', () => {
    const none = new Conversations({ ...roomy, liveSessions: 0 });
    const unwanted = session();
    none.keep('a', unwanted);
    assert.ok(unwanted.disposed);
    const conversations = new Conversations(roomy);
    const dead = session();
    dead.die();
    conversations.keep('a', dead);
    assert.equal(conversations.size, 0);
    assert.ok(dead.disposed);
  });

  it('forgets a session that dies, at once or later, and never hands it out', async () => {
    const conversations = new Conversations(roomy);
    const dying = session();
    conversations.keep('a', dying);
    dying.die();
    assert.equal(conversations.take(['', 'a'], always), undefined);
    const later = session();
    conversations.keep('b', later);
    await tick();
    later.die();
    await tick();
    assert.equal(conversations.size, 0);
  });

  it('lets the end of an older session not touch the one that took its place', async () => {
    const conversations = new Conversations(roomy);
    const [older, newer] = [session(), session()];
    conversations.keep('a', older);
    conversations.keep('a', newer);
    await tick();
    assert.equal(conversations.take(['', 'a'], always)?.session, newer);
  });

  it('closes all of them with itself', async () => {
    const conversations = new Conversations(roomy);
    const sessions = [session(), session()];
    conversations.keep('a', sessions[0] as ScriptedSession);
    conversations.keep('b', sessions[1] as ScriptedSession);
    await conversations[Symbol.asyncDispose]();
    assert.ok(sessions.every(({ disposed }) => disposed));
    assert.equal(conversations.size, 0);
  });
});

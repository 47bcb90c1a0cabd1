import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sessionArguments } from './command.ts';

describe('sessionArguments', () => {
  it('offers no built-in tool, or the two of the web and no approval beyond them', () => {
    const chat = sessionArguments({ web: false });
    assert.ok(chat.includes('--tools='));
    assert.ok(!chat.some((argument) => argument.startsWith('--allowedTools')));
    const web = sessionArguments({ web: true });
    assert.ok(web.includes('--tools=WebSearch,WebFetch'));
    assert.ok(web.includes('--allowedTools=WebSearch,WebFetch'));
  });

  it("loads nothing of the operator's and keeps nothing, in either flavour", () => {
    for (const web of [true, false]) {
      const given = sessionArguments({ web });
      for (const lock of [
        '--setting-sources=',
        '--strict-mcp-config',
        '--permission-mode=dontAsk',
        '--disable-slash-commands',
        '--no-session-persistence',
      ]) {
        assert.ok(given.includes(lock), lock);
      }
      const settings = given.find((argument) => argument.startsWith('--settings='));
      assert.equal(JSON.parse(settings?.slice('--settings='.length) ?? '').crossSessionInbound, 'refuse');
      assert.ok(!given.some((argument) => argument.startsWith('--resume')));
    }
  });

  it('takes up a conversation from a file where one is given', () => {
    assert.ok(sessionArguments({ web: false, resume: '/x/y.jsonl' }).includes('--resume=/x/y.jsonl'));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neutralSystem, systemText } from './system-text.ts';

describe('systemText', () => {
  it('is the system prompt as it is', () => {
    assert.equal(systemText('You are $HOME {of} @me'), 'You are $HOME {of} @me');
  });

  it('is a few neutral words where there is none', () => {
    for (const none of [undefined, '', ' \n']) assert.equal(systemText(none), neutralSystem);
  });

  it('keeps the CLI from filling in its lists', () => {
    const filled = (open: string) => `$${open}{AvailableTools} and $${open}{x_ToolName}`;
    assert.equal(systemText(filled('')), filled('\u200b'));
    const plain = ['$', '{ }', ' $x'].join('');
    assert.equal(systemText(plain), plain);
  });
});

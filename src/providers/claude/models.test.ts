import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClaudeModels, isBudgeted } from './models.ts';

const offered = [
  { value: 'default', resolvedModel: 'claude-opus-5-5', displayName: 'Default (recommended)' },
  {
    value: 'opus',
    resolvedModel: 'claude-opus-5-5',
    displayName: 'Opus',
    supportedEffortLevels: ['low', 'medium', 'high', 'max'],
    supportsThinkingOff: false,
  },
  { value: 'sonnet', resolvedModel: 'claude-sonnet-5', displayName: 'Sonnet' },
  { value: 'claude-haiku-4-5' },
];

function models(prefix = 'claude') {
  const all = new ClaudeModels({ prefix, ownedBy: 'someone' });
  all.update(offered);
  return all;
}

describe('ClaudeModels', () => {
  it('lists each model once, under its id and with every alias', () => {
    const listed = models().listed;
    assert.deepEqual(
      listed.map(({ id, aliases }) => [id, aliases]),
      [
        ['claude-opus-5-5', ['claude', 'opus']],
        ['claude-sonnet-5', ['sonnet']],
        ['claude-haiku-4-5', []],
      ],
    );
    assert.equal(listed[0]?.title, 'Claude Opus');
    assert.equal(listed[0]?.ownedBy, 'someone');
  });

  it('finds a model by id or alias, and any other id with the prefix as it is', () => {
    const all = models();
    for (const name of ['claude', 'opus', 'claude-opus-5-5']) assert.equal(all.find(name)?.id, 'claude-opus-5-5');
    assert.equal(all.native('claude'), 'claude-opus-5-5');
    assert.equal(all.find('claude-opus-4-20250514')?.id, 'claude-opus-4-20250514');
    assert.equal(all.native('claude-opus-4-20250514'), 'claude-opus-4-20250514');
    for (const name of ['gpt-5', 'claudette', 'haiku', '', 'Claude-x']) assert.equal(all.find(name), undefined, name);
    const unlisted = new ClaudeModels({ prefix: 'claude', ownedBy: 'x' });
    for (const name of ['claude', 'sonnet']) assert.equal(unlisted.find(name)?.id, name, 'known before the list is');
    assert.equal(unlisted.find('gpt-5'), undefined);
  });

  it('stands under a prefix of its own beside another Claude Code', () => {
    const demo = models('demo-claude');
    assert.deepEqual(
      demo.listed.map(({ id, aliases }) => [id, aliases]),
      [
        ['demo-claude-opus-5-5', ['demo-claude', 'demo-claude-opus']],
        ['demo-claude-sonnet-5', ['demo-claude-sonnet']],
        ['demo-claude-haiku-4-5', []],
      ],
    );
    assert.equal(demo.native('demo-claude'), 'claude-opus-5-5');
    assert.equal(demo.native('demo-claude-other-1'), 'claude-other-1');
    assert.equal(demo.own('claude-sonnet-5'), 'demo-claude-sonnet-5');
    assert.equal(demo.find('claude-sonnet-5'), undefined);
    assert.equal(demo.find('sonnet'), undefined);
  });

  it('offers the efforts that the model has', () => {
    const all = models();
    assert.deepEqual(all.find('opus')?.efforts, ['low', 'medium', 'high', 'max']);
    assert.deepEqual(all.find('sonnet')?.efforts, ['none', 'low', 'medium', 'high']);
    assert.deepEqual(all.find('claude-haiku-4-5')?.efforts, ['none', 'low', 'medium', 'high']);
  });

  it('knows by the family who thinks when, and who takes a temperature', () => {
    const traits = (id: string) => {
      const record = models().find(id);
      return [record?.reasoning, record?.sampling];
    };
    for (const id of [
      'claude-3-5-haiku-20241022',
      'claude-sonnet-4-5',
      'claude-sonnet-4-5-20250929',
      'claude-haiku-4-5',
      'claude-opus-4-1',
      'claude-opus-4-20250514',
      'claude-opus-4-5',
    ]) {
      assert.ok(isBudgeted(id), id);
      assert.deepEqual(traits(id), ['on-request', 'without-reasoning'], id);
    }
    for (const id of ['claude-sonnet-4-6', 'claude-opus-4-6']) {
      assert.ok(!isBudgeted(id), id);
      assert.deepEqual(traits(id), ['by-default', 'without-reasoning'], id);
    }
    for (const id of [
      'claude-opus-5-5',
      'claude-sonnet-5',
      'claude-opus-4-8',
      'claude-haiku-4-10',
      'claude-opus-4-15',
    ]) {
      assert.ok(!isBudgeted(id), id);
      assert.deepEqual(traits(id), ['by-default', 'never'], id);
    }
  });

  it('knows the price where the description says it, and only one that every prompt has', () => {
    const all = models();
    const priceOf = (description: string) => {
      all.update([{ value: 'opus', resolvedModel: 'claude-opus-5-5', description }]);
      return all.find('opus')?.pricing;
    };
    assert.deepEqual(priceOf('Opus 5.5 · Best for tasks · $4/$20 per Mtok'), { input: 4, output: 20 });
    assert.deepEqual(priceOf('Fast · $0.10/$0.50 per Mtok'), { input: 0.1, output: 0.5 });
    assert.equal(priceOf('Fast · $0.10/$0.50 per Mtok ($0.50/$2.50 for prompts over 100k)'), undefined);
    assert.equal(priceOf('Costs $5'), undefined);
    assert.equal(models().find('sonnet')?.pricing, undefined);
  });

  it('remembers the limits that an answer told, over a new list too', () => {
    const all = models('demo-claude');
    all.learn('claude-sonnet-5', { contextWindow: 1_000_000, maxOutputTokens: 64_000 });
    all.learn('claude-unlisted-1', { contextWindow: 5 });
    all.update(offered);
    assert.equal(all.find('demo-claude-sonnet')?.contextWindow, 1_000_000);
    assert.equal(all.listed.find(({ id }) => id === 'demo-claude-sonnet-5')?.maxOutputTokens, 64_000);
    assert.equal(all.find('demo-claude-unlisted-1')?.contextWindow, 5);
    assert.equal(all.find('demo-claude')?.contextWindow, undefined);
  });

  it('forgets what the CLI no longer offers', () => {
    const all = models();
    all.update([{ value: 'sonnet', resolvedModel: 'claude-sonnet-6' }]);
    assert.deepEqual(
      all.listed.map(({ id }) => id),
      ['claude-sonnet-6'],
    );
    assert.equal(all.find('opus'), undefined);
    assert.deepEqual(all.find('claude-opus-5-5')?.aliases, [], 'its id is passed on like any other');
    assert.equal(all.native('sonnet'), 'claude-sonnet-6');
  });
});

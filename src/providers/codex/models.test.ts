import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CatalogModel } from './catalog.ts';
import { CodexModels } from './models.ts';

const levels = (...efforts: string[]) => efforts.map((effort) => ({ effort }));
const known: CatalogModel[] = [
  {
    slug: 'gpt-6',
    display_name: 'GPT-6',
    visibility: 'list',
    priority: 2,
    supported_reasoning_levels: levels('low', 'high', 'max', 'ultra'),
    default_reasoning_level: 'low',
    support_verbosity: true,
    context_window: 272_000,
    input_modalities: ['text', 'image'],
    use_responses_lite: true,
  },
  { slug: 'gpt-5.5', display_name: 'GPT-5.5', visibility: 'list', priority: 13, input_modalities: ['text'] },
  { slug: 'gpt-6.1', display_name: 'GPT-6.1', visibility: 'list', priority: 1 },
  { slug: 'codex-review', visibility: 'hide', priority: 0 },
  { slug: 'nova', visibility: 'list', priority: 20 },
];

function models({ prefix = 'codex', full = false } = {}): CodexModels {
  const all = new CodexModels({ prefix, ownedBy: 'openai' });
  all.update({ models: known }, { full });
  return all;
}

describe('CodexModels', () => {
  it('offers what Codex offers, the default one first', () => {
    const { listed } = models();
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['gpt-6.1', 'gpt-6', 'gpt-5.5', 'nova'],
    );
    assert.deepEqual(listed[0]?.aliases, ['codex']);
    assert.deepEqual(listed[1]?.aliases, []);
  });

  it('describes a model as the list does', () => {
    const record = models().find('gpt-6');
    assert.equal(record?.title, 'GPT-6');
    assert.equal(record?.contextWindow, 272_000);
    assert.deepEqual(record?.efforts, ['low', 'high', 'max']);
    assert.deepEqual(record?.inputs, { images: true, documents: false, audio: false });
    assert.ok(record?.parameters.includes('verbosity'));
    assert.equal(models().find('gpt-5.5')?.inputs.images, false);
    assert.equal(models().find('gpt-5.5')?.parameters.includes('verbosity'), false);
    assert.equal(models().defaultEffort('gpt-6'), 'low');
    assert.equal(models().defaultEffort('gpt-unknown'), undefined);
  });

  it('gives web search and parallel calls to models that are asked in the full form only', () => {
    for (const [full, expected] of [
      [false, false],
      [true, true],
    ] as const) {
      const record = models({ full }).find('gpt-6');
      assert.equal(record?.webTools, expected);
      assert.equal(record?.parallelToolCalls, expected);
      assert.equal(record?.parameters.includes('webSearch'), expected);
    }
    assert.equal(models().find('gpt-5.5')?.webTools, true);
  });

  it('claims no setting that cannot reach the model', () => {
    const { parameters = [] } = models().find('gpt-6') ?? {};
    for (const absent of ['maxOutputTokens', 'temperature', 'topP', 'stop', 'seed', 'parallelToolCalls'] as const) {
      assert.equal(parameters.includes(absent), false, absent);
    }
  });

  it('takes its name for the default model, and a name behind it for that model', () => {
    const all = models();
    assert.equal(all.find('codex')?.id, 'gpt-6.1');
    assert.equal(all.native('codex'), 'gpt-6.1');
    assert.equal(all.find('codex-gpt-5.5')?.id, 'gpt-5.5');
    assert.equal(all.find('codex-nova')?.id, 'nova');
    assert.equal(all.find('codex-o3')?.id, 'o3');
    assert.equal(all.find('codex-review')?.id, 'codex-review');
    assert.equal(all.find('codex-mini-latest')?.id, 'codex-mini-latest');
  });

  it('passes on names of OpenAI’s that are not listed, and no others', () => {
    const all = models();
    for (const name of ['gpt-4.1', 'gpt-6-2026-01-01', 'o3', 'o4-mini', 'codex-mini-latest']) {
      assert.equal(all.find(name)?.id, name);
      assert.equal(all.native(name), name);
    }
    assert.deepEqual(all.find('gpt-4.1')?.efforts, ['low', 'medium', 'high']);
    for (const name of ['claude-sonnet-5', 'gemini-2.5-pro', 'gpt', 'omega', 'o', 'demo-gpt-6', '']) {
      assert.equal(all.find(name), undefined, name);
    }
  });

  it('stands beside the user’s own under names of its own', () => {
    const all = models({ prefix: 'demo-codex' });
    assert.deepEqual(all.find('demo-codex')?.aliases, ['demo-codex']);
    assert.equal(all.find('demo-codex')?.id, 'demo-gpt-6.1');
    assert.equal(all.find('demo-gpt-5.5')?.id, 'demo-gpt-5.5');
    assert.equal(all.native('demo-gpt-5.5'), 'gpt-5.5');
    assert.equal(all.own('gpt-5.5'), 'demo-gpt-5.5');
    for (const name of ['gpt-5.5', 'codex', 'demo-claude-x']) assert.equal(all.find(name), undefined, name);
  });

  it('knows its name before it knows its models', () => {
    const all = new CodexModels({ prefix: 'codex', ownedBy: 'openai' });
    assert.ok(all.find('codex'));
    assert.ok(all.find('gpt-6'));
    assert.deepEqual(all.listed, []);
  });
});

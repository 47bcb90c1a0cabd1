import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GeminiModels } from './models.ts';

const offered = {
  availableModels: [
    { modelId: 'auto', name: 'Auto' },
    { modelId: 'gemini-3.1-pro-preview-customtools', name: 'gemini-3.1-pro-preview' },
    { modelId: 'gemini-3-flash-preview', name: 'gemini-3-flash-preview' },
    { modelId: 'gemini-3.8-flash', name: 'gemini-3.8-flash' },
    { modelId: 'gemini-2.5-pro', name: 'gemini-2.5-pro' },
  ],
};

function models(prefix = 'gemini') {
  const models = new GeminiModels({ prefix, ownedBy: 'google' });
  models.update(offered);
  return models;
}

describe('GeminiModels', () => {
  it('lists what the CLI offers, but none that it would choose by itself', () => {
    assert.deepEqual(
      models().listed.map(({ id }) => id),
      ['gemini-3.1-pro-preview-customtools', 'gemini-3-flash-preview', 'gemini-3.8-flash', 'gemini-2.5-pro'],
    );
  });

  it('takes an id, its long form and the plain name', () => {
    for (const name of ['gemini-3.8-flash', 'models/gemini-3.8-flash', 'gemini']) {
      assert.equal(models().find(name)?.id, 'gemini-3.8-flash', name);
    }
    assert.equal(models().find('gemini-3.1-pro-preview')?.id, 'gemini-3.1-pro-preview-customtools');
  });

  it('passes on ids that are not listed, and nothing of another name', () => {
    assert.equal(models().find('models/gemini-9')?.id, 'gemini-9');
    assert.equal(models().native('gemini-9', 'high'), 'gemini-9');
    for (const name of ['gpt-5', 'geminix', 'models/gpt-5', 'auto']) assert.equal(models().find(name), undefined, name);
  });

  it('knows the plain name before the CLI has listed its models', () => {
    const unlisted = new GeminiModels({ prefix: 'gemini', ownedBy: 'google' });
    assert.equal(unlisted.find('gemini')?.id, 'gemini-2.5-flash');
    assert.equal(unlisted.native('gemini', undefined), 'gemini-2.5-flash');
  });

  it('offers the efforts that a model has, and none where nobody knows', () => {
    const efforts = (name: string) => models().find(name)?.efforts;
    assert.deepEqual(efforts('gemini-3.8-flash'), ['minimal', 'low', 'medium', 'high']);
    assert.deepEqual(efforts('gemini-2.5-pro'), ['minimal', 'low', 'medium', 'high']);
    assert.deepEqual(efforts('gemini-2.5-flash'), ['none', 'minimal', 'low', 'medium', 'high']);
    assert.deepEqual(efforts('gemini-3.1-pro-preview'), ['low', 'high']);
    assert.deepEqual(efforts('gemini-9'), []);
    assert.equal(models().native('models/gemini-3.8-flash', 'low'), 'gemini-3.8-flash@low');
  });

  it('stands beside the user’s own under another prefix', () => {
    const demo = models('demo-gemini');
    assert.equal(demo.find('demo-gemini')?.id, 'demo-gemini-3.8-flash');
    assert.equal(demo.native('demo-gemini-3.8-flash', undefined), 'gemini-3.8-flash');
    assert.equal(demo.find('gemini-3.8-flash'), undefined);
  });

  it('has titles for people', () => {
    assert.equal(models().find('gemini-2.5-pro')?.title, 'Gemini 2.5 Pro');
  });
});

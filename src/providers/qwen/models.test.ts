import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QwenModels } from './models.ts';

const offered = {
  currentModelId: 'qwen3-max(openai)',
  availableModels: [
    { modelId: 'qwen3-max(openai)', name: '[Studio] qwen3-max', _meta: { contextLimit: 262_144 } },
    { modelId: 'glm-5(openai)', name: 'glm-5' },
    { modelId: 'claude-x(anthropic)', name: 'claude-x' },
  ],
};
const reasoning = { efforts: ['high', 'max'], canDisable: false };
const login = {
  method: 'openai',
  entries: [
    { id: 'qwen3-max', capabilities: { reasoning } },
    { id: 'glm-5', generationConfig: { modalities: { image: true } } },
  ],
};

describe('QwenModels', () => {
  const models = (prefix = 'qwen') => {
    const made = new QwenModels({ prefix, ownedBy: 'qwen' });
    made.update(offered, login);
    return made;
  };

  it('offers what the login reaches, the usual one by the bare name too', () => {
    assert.deepEqual(
      models().listed.map(({ id, aliases, contextWindow }) => ({ id, aliases, contextWindow })),
      [
        { id: 'qwen3-max', aliases: ['qwen', 'qwen-auto'], contextWindow: 262_144 },
        { id: 'qwen/glm-5', aliases: [], contextWindow: undefined },
      ],
    );
    assert.equal(models().native('qwen'), 'qwen3-max');
    assert.equal(models().native('qwen/glm-5'), 'glm-5');
  });

  it('passes on names of the family that are not listed, and no others', () => {
    assert.equal(models().find('qwen-plus')?.id, 'qwen-plus');
    assert.equal(models().native('qwen2.5-coder'), 'qwen2.5-coder');
    assert.equal(models().native('qwen/kimi-k3'), 'kimi-k3');
    for (const name of ['qwerty', 'qwenish', 'glm-5', 'demo-qwen', 'gpt-5'])
      assert.equal(models().find(name), undefined);
  });

  it('stands beside the user’s own under another prefix', () => {
    const demo = models('demo-qwen');
    assert.deepEqual(
      demo.listed.map(({ id }) => id),
      ['demo-qwen3-max', 'demo-qwen/glm-5'],
    );
    assert.equal(demo.native('demo-qwen'), 'qwen3-max');
    assert.equal(demo.native('demo-qwen-plus'), 'qwen-plus');
    assert.equal(demo.find('qwen3-max'), undefined);
  });

  it('takes what the user’s settings say of a model', () => {
    const [max, glm] = models().listed;
    assert.deepEqual(max?.efforts, ['high', 'max']);
    assert.deepEqual(glm?.efforts, ['none', 'low', 'medium', 'high', 'xhigh']);
    assert.deepEqual(max?.inputs, { images: true, documents: true, audio: true });
    assert.deepEqual(glm?.inputs, { images: true, documents: false, audio: false });
  });

  it('knows a model that only the environment names', () => {
    const made = new QwenModels({ prefix: 'qwen', ownedBy: 'qwen' });
    const modelId = '$runtime|openai|qwen3-coder-plus(openai)';
    made.update(
      { currentModelId: modelId, availableModels: [{ modelId, name: 'qwen3-coder-plus' }] },
      { method: 'openai', entries: [] },
    );
    assert.equal(made.listed[0]?.id, 'qwen3-coder-plus');
  });

  it('knows its names before the CLI has listed anything', () => {
    const made = new QwenModels({ prefix: 'qwen', ownedBy: 'qwen' });
    assert.equal(made.find('qwen')?.id, 'qwen');
    assert.equal(made.native('qwen'), undefined);
  });
});

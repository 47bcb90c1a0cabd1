import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from '../../test/support/scripted-generate.ts';
import { scriptedModel } from '../../test/support/scripted-provider.ts';
import type { UserPart } from '../core/message.ts';
import { type Effort, type GenerateRequest, parameters } from '../core/request.ts';
import { applyCapabilities } from './capabilities.ts';

const nowhere = new Map();

const full: GenerateRequest = request({
  effort: 'low',
  maxOutputTokens: 1,
  temperature: 0,
  topP: 0,
  topK: 1,
  stop: ['x'],
  seed: 0,
  presencePenalty: 0,
  frequencyPenalty: 0,
  verbosity: 'low',
  toolChoice: { mode: 'auto' },
  parallelToolCalls: false,
  outputFormat: { kind: 'json-object' },
  webSearch: false,
});

describe('applyCapabilities', () => {
  it('leaves a request alone that the model can answer as it is', () => {
    const able = { ...scriptedModel, parameters };
    assert.deepEqual(applyCapabilities(full, able, nowhere), { request: full, ignored: [] });
    assert.deepEqual(applyCapabilities(request(), { ...scriptedModel, parameters: [] }, nowhere), {
      request: request(),
      ignored: [],
    });
  });

  it('takes out and lists every setting that the model lacks, and changes no request in place', () => {
    const before = structuredClone(full);
    const { request: trimmed, ignored } = applyCapabilities(full, { ...scriptedModel, parameters: [] }, nowhere);
    assert.deepEqual(trimmed, request());
    assert.deepEqual([...ignored].sort(), [...parameters].sort());
    assert.deepEqual(full, before);
  });

  it('takes the nearest effort that there is, the lower of two, and says so', () => {
    const nearest = (asked: Effort, ...efforts: Effort[]) => {
      const applied = applyCapabilities(request({ effort: asked }), { ...scriptedModel, efforts }, nowhere);
      return [applied.request.effort, applied.ignored];
    };
    assert.deepEqual(nearest('low', 'low', 'high'), ['low', []]);
    assert.deepEqual(nearest('max', 'low', 'high'), ['high', ['effort']]);
    assert.deepEqual(nearest('none', 'low', 'high'), ['low', ['effort']]);
    assert.deepEqual(nearest('medium', 'high', 'low'), ['low', ['effort']]);
    assert.deepEqual(nearest('high'), [undefined, ['effort']]);
  });

  it('lets a temperature through only where the model takes one', () => {
    const applied = (fields: Partial<typeof scriptedModel>, effort?: Effort) => {
      const model = { ...scriptedModel, efforts: ['none', 'high'] as const, parameters, ...fields };
      return applyCapabilities(request({ temperature: 0.5, topP: 1, topK: 2, effort }), model, nowhere).ignored;
    };
    const all = ['temperature', 'topP', 'topK'];
    assert.deepEqual(applied({ sampling: 'never' }), all);
    assert.deepEqual(applied({ sampling: 'always', reasoning: 'by-default' }, 'high'), []);
    const without = { sampling: 'without-reasoning' } as const;
    assert.deepEqual(applied({ ...without, reasoning: 'by-default' }), all);
    assert.deepEqual(applied({ ...without, reasoning: 'by-default' }, 'none'), []);
    assert.deepEqual(applied({ ...without, reasoning: 'on-request' }), []);
    assert.deepEqual(applied({ ...without, reasoning: 'on-request' }, 'high'), all);
    assert.deepEqual(applied({ ...without, reasoning: 'never' }), []);
  });

  it('refuses content that the model cannot take, and says where it stands', () => {
    const parts: Record<string, UserPart> = {
      images: { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: '' } },
      documents: { type: 'file', mediaType: 'application/pdf', data: '' },
      audio: { type: 'audio', format: 'wav', data: '' },
    };
    for (const [input, part] of Object.entries(parts)) {
      const asking = request({ messages: [...request().messages, { role: 'user', content: [part] }] });
      const all = { images: true, documents: true, audio: true };
      const fault = { kind: 'invalid-request', param: 'messages[7].content[1]', message: new RegExp(part.type) };
      const places = new Map([[part, 'messages[7].content[1]']]);
      const unable = { ...scriptedModel, inputs: { ...all, [input]: false } };
      assert.throws(() => applyCapabilities(asking, unable, places), fault);
      applyCapabilities(asking, { ...scriptedModel, inputs: all }, places);
    }
  });
});

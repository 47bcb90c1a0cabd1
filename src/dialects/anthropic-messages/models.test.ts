import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listModels } from './models.ts';

const model = {
  id: 'm-1',
  title: 'Model One',
  contextWindow: 200_000,
  ownedBy: 'someone',
  inputs: { images: true, documents: false, audio: false },
  parameters: ['outputFormat' as const],
  efforts: ['low' as const, 'high' as const],
  reasoning: 'by-default' as const,
  webTools: true,
};

describe('the list of models', () => {
  it('is one page, and says of each what is known', () => {
    const page = listModels([model, { ...model, id: 'm-2', createdAt: new Date(Date.UTC(2026, 0, 2)) }]);
    assert.deepEqual([page.has_more, page.first_id, page.last_id], [false, 'm-1', 'm-2']);
    const [first, second] = page.data;
    assert.partialDeepStrictEqual(first, {
      type: 'model',
      id: 'm-1',
      display_name: 'Model One',
      created_at: '1970-01-01T00:00:00.000Z',
      max_input_tokens: 200_000,
      max_tokens: null,
      capabilities: {
        image_input: { supported: true },
        pdf_input: { supported: false },
        structured_outputs: { supported: true },
        effort: { supported: true, low: { supported: true }, medium: { supported: false } },
        thinking: { supported: true, types: { disabled: { supported: false } } },
      },
    });
    assert.equal(second?.created_at, '2026-01-02T00:00:00.000Z');
  });

  it('may be empty', () => {
    assert.deepEqual(listModels([]), { data: [], has_more: false, first_id: null, last_id: null });
  });
});

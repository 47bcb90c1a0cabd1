import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeContext } from '../../../test/support/decode-context.ts';
import { decode } from './decode.ts';
import {
  previousResponseId,
  referencedResponseIds,
  resolveReferences,
  type StoredTurn,
  withHistory,
} from './history.ts';
import { toInputItems } from './input-item-list.ts';
import { sealSummary } from './sealed-text.ts';

const text = (value: string) => ({ type: 'text', text: value });
const answer = (id: string, value: string) => ({
  id,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: value, annotations: [] }],
});
const turns: StoredTurn[] = [
  {
    input: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'One?' },
    ],
    response: { output: [answer('msg_a_0', 'One.')] },
  },
  { input: ['not an item', { role: 'user', content: 'Two?' }], response: { output: [answer('msg_b_0', 'Two.')] } },
];
const read = (body: unknown) => decode(body, decodeContext);

describe('an earlier response', () => {
  it('comes before the input, which keeps its places', () => {
    for (const input of ['Three?', [{ role: 'user', content: 'Three?' }]]) {
      const { system, messages } = read(
        withHistory({ model: 'm', input, previous_response_id: 'resp_b' }, turns),
      ).request;
      assert.equal(system, 'Be brief.');
      assert.deepEqual(
        messages.map(({ role, content }) => [role, content]),
        [
          ['user', [text('One?')]],
          ['assistant', [text('One.')]],
          ['user', [text('Two?')]],
          ['assistant', [text('Two.')]],
          ['user', [text('Three?')]],
        ],
      );
    }
    const bad =
      (input: unknown[], before = turns) =>
      () =>
        read(withHistory({ model: 'm', input }, before));
    assert.throws(bad([{ role: 'user', content: 3 }]), { param: 'input[0].content' });
    assert.throws(bad([{ type: 'additional_tools', tools: 3 }]), { param: 'input[0].tools' });
    const broken = [{ input: [{ type: 'gone' }], response: {} }];
    assert.throws(bad([{ role: 'user', content: '' }], broken), { param: 'previous_response_id.type' });
  });

  it('is not needed for the rest of the body to be judged', () => {
    for (const body of [undefined, [], 'x', { input: 4 }, { model: 'm', input: {} }]) {
      assert.throws(() => read(withHistory(body, turns)), { kind: 'invalid-request' });
      assert.throws(() => read(resolveReferences(body, turns)), { kind: 'invalid-request' });
    }
    assert.equal(previousResponseId({ previous_response_id: 'resp_b' }), 'resp_b');
    for (const body of [undefined, {}, { previous_response_id: null }, { previous_response_id: 4 }]) {
      assert.equal(previousResponseId(body), undefined);
    }
  });

  it('is left behind by a compaction, except for what the model was told', () => {
    const compacted: StoredTurn = {
      input: [{ type: 'compaction_trigger' }],
      response: { output: [{ type: 'compaction', id: 'cmp_c_0', encrypted_content: sealSummary('Counting.') }] },
    };
    const { request, options } = read(withHistory({ model: 'm', input: 'Three?' }, [...turns, compacted]));
    assert.equal(options.compacts, false);
    assert.equal(request.system, 'Be brief.');
    const texts = request.messages.map(({ content: [part] }) => part?.type === 'text' && part.text.split('\n').at(-1));
    assert.deepEqual(texts, ['One?', 'Two?', 'Counting.', 'Three?']);
  });
});

describe('a reference to an item', () => {
  it('names the response that holds the item, and gives way to it', () => {
    const body = {
      model: 'm',
      input: [
        { role: 'user', content: 'One?' },
        { type: 'item_reference', id: 'msg_a_0' },
        { id: 'msg_b_0' },
        { type: 'item_reference', id: 'msg_a_1' },
        { role: 'user', content: 'Three?' },
      ],
    };
    assert.deepEqual(referencedResponseIds(body), ['resp_a', 'resp_b']);
    const resolved = resolveReferences(body, turns) as typeof body;
    assert.deepEqual(resolved.input[1], answer('msg_a_0', 'One.'));
    assert.deepEqual(resolved.input[2], answer('msg_b_0', 'Two.'));
    assert.throws(() => read(resolved), { param: 'input[3].id' });
    assert.deepEqual(referencedResponseIds({ input: [{ type: 'item_reference', id: 'elsewhere' }] }), []);
  });
});

describe('items of an input', () => {
  it('are kept and listed with an id, a type and parts', () => {
    assert.deepEqual(toInputItems('hi', 'x'), [
      {
        type: 'message',
        id: 'msg_x_i0',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_text', text: 'hi' }],
      },
    ]);
    const items = toInputItems(
      [
        { role: 'assistant', content: 'Hello.', id: 'msg_own', status: 'incomplete' },
        { type: 'function_call_output', call_id: 'a', output: 'x' },
      ],
      'x',
    );
    assert.deepEqual(items, [
      {
        type: 'message',
        id: 'msg_own',
        role: 'assistant',
        status: 'incomplete',
        content: [{ type: 'output_text', text: 'Hello.', annotations: [], logprobs: [] }],
      },
      { type: 'function_call_output', id: 'item_x_i1', call_id: 'a', output: 'x' },
    ]);
  });
});

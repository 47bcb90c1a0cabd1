import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GenerateRequest } from '../../core/request.ts';
import { answerToolOf, withAnswerTool } from './json-answer.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const outputFormat = { kind: 'json-schema' as const, name: 'city', schema, strict: true };
const look = { kind: 'function' as const, name: 'look', parameters: {} };

function request(fields: Partial<GenerateRequest> = {}): GenerateRequest {
  return { model: 'gemini', messages: [], tools: [], outputFormat, ...fields };
}

describe('withAnswerTool', () => {
  it('forces the model to give its answer as the arguments of a call', () => {
    const asked = withAnswerTool(request());
    assert.deepEqual(asked.toolChoice, { mode: 'tool', name: 'json_answer' });
    assert.deepEqual(
      asked.tools.map((tool) => [tool.name, tool.kind === 'function' && tool.parameters]),
      [['json_answer', schema]],
    );
    assert.equal(answerToolOf(asked), 'json_answer');
  });

  it('lets the model call the caller’s tools first', () => {
    const asked = withAnswerTool(request({ tools: [look] }));
    assert.deepEqual(asked.toolChoice, { mode: 'required' });
    assert.equal(asked.tools.length, 2);
    const none = withAnswerTool(request({ tools: [look], toolChoice: { mode: 'none' } }));
    assert.deepEqual(none.toolChoice, { mode: 'tool', name: 'json_answer' });
  });

  it('keeps out of the way where the model has to call something else', () => {
    const asked = request({ tools: [look], toolChoice: { mode: 'tool', name: 'look' } });
    assert.equal(withAnswerTool(asked), asked);
    assert.equal(answerToolOf(asked), undefined);
  });

  it('finds a name that is free', () => {
    const asked = withAnswerTool(request({ tools: [{ ...look, name: 'json_answer' }] }));
    assert.equal(answerToolOf(asked), 'json_answer_');
  });

  it('leaves other requests alone', () => {
    const plain = request({ outputFormat: undefined });
    assert.equal(withAnswerTool(plain), plain);
    assert.equal(answerToolOf(plain), undefined);
  });
});

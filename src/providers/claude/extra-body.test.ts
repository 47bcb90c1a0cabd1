import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from '../../../test/support/scripted-generate.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { ToolNames } from '../tool-names.ts';
import { extraBody } from './extra-body.ts';

const tool: FunctionTool = { kind: 'function', name: 'get weather', parameters: {} };

function body(fields: Partial<GenerateRequest>, options: { budgeted?: boolean; endsInToolResults?: boolean } = {}) {
  const names = new ToolNames([tool]);
  return extraBody(request(fields), { names, budgeted: false, endsInToolResults: false, ...options });
}

describe('extraBody', () => {
  it('adds nothing that was not asked for', () => {
    assert.deepEqual(body({}), {});
    assert.deepEqual(body({ tools: [tool], effort: 'high', maxOutputTokens: 5, stop: [] }), {});
  });

  it('passes sampling and stop sequences on, the temperature within what the API takes', () => {
    assert.deepEqual(body({ temperature: 0, topP: 0.5, topK: 7, stop: ['END'] }), {
      temperature: 0,
      top_p: 0.5,
      top_k: 7,
      stop_sequences: ['END'],
    });
    assert.deepEqual(body({ temperature: 1.7 }), { temperature: 1 });
  });

  it('says which tools may or must be called, and whether several at once', () => {
    const choice = (fields: Partial<GenerateRequest>) => body({ tools: [tool], ...fields }).tool_choice;
    const name = new ToolNames([tool]).native('get weather');
    assert.equal(choice({ toolChoice: { mode: 'auto' } }), undefined);
    assert.deepEqual(choice({ toolChoice: { mode: 'none' } }), { type: 'none' });
    assert.deepEqual(choice({ toolChoice: { mode: 'required' } }), { type: 'any' });
    assert.deepEqual(choice({ toolChoice: { mode: 'tool', name: 'get weather' } }), { type: 'tool', name });
    assert.deepEqual(choice({ parallelToolCalls: false }), { type: 'auto', disable_parallel_tool_use: true });
    assert.deepEqual(choice({ toolChoice: { mode: 'required' }, parallelToolCalls: false }), {
      type: 'any',
      disable_parallel_tool_use: true,
    });
    assert.equal(choice({ tools: [], toolChoice: { mode: 'required' }, parallelToolCalls: false }), undefined);
  });

  it('lets no model think that must call a tool', () => {
    const thinking = (mode: 'auto' | 'none' | 'required', tools = [tool]) =>
      body({ tools, toolChoice: { mode }, effort: 'high' }).thinking;
    assert.deepEqual(thinking('required'), { type: 'disabled' });
    assert.equal(thinking('auto'), undefined);
    assert.equal(thinking('none'), undefined);
    assert.equal(thinking('required', []), undefined);
  });

  it('turns thinking off on request, and leaves its depth to the effort setting', () => {
    assert.deepEqual(body({ effort: 'none' }), { thinking: { type: 'disabled' } });
    assert.deepEqual(body({ effort: 'low' }), {});
  });

  it('gives models with a thinking budget one that fits, and none where they may not think', () => {
    const budget = (fields: Partial<GenerateRequest>, endsInToolResults = false) =>
      body(fields, { budgeted: true, endsInToolResults }).thinking;
    const off = { type: 'disabled' };
    assert.deepEqual(budget({}), off);
    assert.deepEqual(budget({ effort: 'none' }), off);
    assert.deepEqual(budget({ effort: 'high' }, true), off);
    assert.deepEqual(budget({ effort: 'low' }), { type: 'enabled', budget_tokens: 4_096 });
    assert.deepEqual(budget({ effort: 'high' }), { type: 'enabled', budget_tokens: 31_999 });
    assert.deepEqual(budget({ effort: 'high', maxOutputTokens: 2_000 }), { type: 'enabled', budget_tokens: 1_999 });
    assert.deepEqual(budget({ effort: 'high', maxOutputTokens: 1_024 }), off);
  });

  it('asks for a schema in the form that the API takes', () => {
    const schema = { type: 'object', properties: {} };
    assert.deepEqual(body({ outputFormat: { kind: 'json-schema', name: 'x', schema, strict: true } }), {
      output_config: { format: { type: 'json_schema', schema: { ...schema, additionalProperties: false } } },
    });
    assert.deepEqual(body({ outputFormat: { kind: 'json-object' } }), {});
  });
});

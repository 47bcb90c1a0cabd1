import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GenerateRequest } from '../../core/request.ts';
import type { FunctionTool } from '../../core/tool.ts';
import { ToolNames } from '../tool-names.ts';
import type { ModelEntry } from './login.ts';
import { slotSettings } from './slot-settings.ts';

const tool: FunctionTool = { kind: 'function', name: 'odd name', parameters: {} };

describe('slotSettings', () => {
  const settings = (
    request: Partial<GenerateRequest>,
    entries: ModelEntry[] = [],
    model = 'qwen3-max',
    method = 'openai',
  ) =>
    slotSettings(
      { model: 'qwen', messages: [], tools: [], ...request },
      {
        login: { method, group: 'openai', entries, settings: {} },
        model,
        names: new ToolNames((request.tools as FunctionTool[] | undefined) ?? []),
        exchanges: '/slot/exchanges',
      },
    ) as { model: Record<string, unknown>; modelProviders: Record<string, ModelEntry[]> };
  const body = (...given: Parameters<typeof settings>) => {
    return settings(...given).modelProviders.openai?.[0]?.generationConfig?.extra_body as Record<string, unknown>;
  };

  it('says nothing of the answer that the request does not say', () => {
    assert.deepEqual(body({}), {});
    const { model } = settings({});
    assert.equal(model.name, 'qwen3-max');
    assert.equal(model.openAILoggingDir, '/slot/exchanges');
    assert.equal('reasoningEffort' in model, false);
  });

  it('tells the model API every setting by its own name', () => {
    const request = {
      maxOutputTokens: 7,
      temperature: 0.1,
      topP: 0.2,
      topK: 3,
      presencePenalty: 0.4,
      frequencyPenalty: 0.5,
      seed: 6,
      stop: ['END'],
      tools: [tool],
      toolChoice: { mode: 'tool', name: 'odd name' } as const,
      parallelToolCalls: false,
      outputFormat: { kind: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } as const,
    };
    const { name } = new ToolNames([tool]).tools[0] as FunctionTool;
    assert.deepEqual(body(request), {
      max_tokens: 7,
      temperature: 0.1,
      top_p: 0.2,
      top_k: 3,
      presence_penalty: 0.4,
      frequency_penalty: 0.5,
      seed: 6,
      stop: ['END'],
      tool_choice: { type: 'function', function: { name: `mcp__t__${name}` } },
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
    });
    assert.deepEqual(body({ outputFormat: { kind: 'json-object' } }), { response_format: { type: 'json_object' } });
  });

  it('chooses no tool where there is none', () => {
    assert.deepEqual(body({ toolChoice: { mode: 'required' }, parallelToolCalls: false }), {});
    assert.equal(body({ tools: [tool], toolChoice: { mode: 'required' } }).tool_choice, 'required');
    assert.deepEqual(body({ tools: [tool], toolChoice: { mode: 'auto' } }), {});
  });

  it('gives the effort to the CLI, whose lowest is low', () => {
    assert.equal(settings({ effort: 'minimal' }).model.reasoningEffort, 'low');
    assert.equal(settings({ effort: 'none' }).model.reasoningEffort, 'none');
  });

  it('keeps what the user’s settings say of the model, but for its sampling', () => {
    const generationConfig = {
      extra_body: { enable_thinking: true },
      samplingParams: { temperature: 2, max_tokens: 99 },
      customHeaders: { 'x-team': 'a' },
      contextWindowSize: 1_000,
    };
    const own = { id: 'qwen3-max', baseUrl: 'https://a.example/v1', envKey: 'KEY', generationConfig };
    const [entry] = settings({ temperature: 0 }, [own]).modelProviders.openai ?? [];
    assert.equal(entry?.baseUrl, 'https://a.example/v1');
    assert.deepEqual(entry?.generationConfig?.customHeaders, { 'x-team': 'a' });
    assert.deepEqual(entry?.generationConfig?.extra_body, { enable_thinking: true, max_tokens: 99, temperature: 0 });
    assert.notEqual(entry?.generationConfig?.contextWindowSize, 1_000);
  });

  it('reaches a model that the settings do not name where its neighbour is', () => {
    const own = {
      id: 'glm-5',
      baseUrl: 'https://a.example/v1',
      envKey: 'KEY',
      generationConfig: { extra_body: { a: 1 } },
    };
    const [entry] = settings({}, [own]).modelProviders.openai ?? [];
    assert.equal(entry?.id, 'qwen3-max');
    assert.equal(entry?.envKey, 'KEY');
    assert.deepEqual(entry?.generationConfig?.extra_body, {});
  });

  it('leaves room for the question in a small window', () => {
    const own = (contextWindowSize: number) => [{ id: 'qwen3-max', generationConfig: { contextWindowSize } }];
    assert.equal(body({}, own(32_768)).max_tokens, 8_192);
    assert.equal(body({}, own(1_000_000)).max_tokens, undefined);
    assert.equal(body({ maxOutputTokens: 20_000 }, own(32_768)).max_tokens, 20_000);
  });

  it('uses the CLI’s own sampling for other APIs than chat completions', () => {
    const [entry] = settings({ temperature: 1 }, [], 'claude-x', 'anthropic').modelProviders.openai ?? [];
    assert.deepEqual(entry?.generationConfig?.samplingParams, { temperature: 1 });
  });
});

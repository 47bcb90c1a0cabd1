import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CatalogModel, patchCatalog } from './catalog.ts';

const model = {
  slug: 'gpt-x',
  display_name: 'X',
  tool_mode: 'code_mode_only',
  use_responses_lite: true,
  apply_patch_tool_type: 'freeform',
  multi_agent_version: 'v2',
  base_instructions: 'You are Codex.',
  context_window: 1_000,
  something_new: 7,
} as CatalogModel;

describe('patchCatalog', () => {
  it('makes tools plain functions, takes out what Codex adds, and keeps the rest', () => {
    const [patched] = patchCatalog({ models: [model] }, 'patched')?.models ?? [];
    const { tool_mode, base_instructions, something_new, use_responses_lite, ...rest } = patched as CatalogModel &
      Record<string, unknown>;
    assert.deepEqual([tool_mode, base_instructions, something_new], ['direct', '', 7]);
    assert.equal(use_responses_lite, true);
    assert.equal('apply_patch_tool_type' in rest, false);
    assert.ok((rest.context_window ?? 0) > 10_000_000, 'nothing is summarised');
  });

  it('asks every model in the full form where that is wanted', () => {
    assert.equal(patchCatalog({ models: [model] }, 'full')?.models[0]?.use_responses_lite, false);
  });

  it('leaves the official list to Codex', () => {
    assert.equal(patchCatalog({ models: [model] }, 'official'), undefined);
  });
});

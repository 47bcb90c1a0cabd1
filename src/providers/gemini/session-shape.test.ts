import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { GenerateRequest } from '../../core/request.ts';
import { ToolNames } from '../tool-names.ts';
import { fits, type SessionShape, shapeOf, writeHookAnswers, writeShape } from './session-shape.ts';

const directory = mkdtempSync(join(tmpdir(), 'shape-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const plain: SessionShape = { web: false, sampling: false, choice: false };
const full: SessionShape = { web: false, sampling: true, choice: true };
const names = new ToolNames([{ kind: 'function', name: 'odd name', parameters: {} }]);

function request(fields: Partial<GenerateRequest> = {}): GenerateRequest {
  return { model: 'gemini', messages: [], tools: [], ...fields };
}

async function answers(fields: Partial<GenerateRequest>): Promise<unknown[]> {
  await writeHookAnswers(directory, full, request(fields), names);
  return ['sampling.json', 'tool-choice.json'].map(
    (file) =>
      (JSON.parse(readFileSync(join(directory, file), 'utf8')) as { hookSpecificOutput: unknown }).hookSpecificOutput,
  );
}

describe('the shape of a session', () => {
  it('has hooks only for what the request says', () => {
    assert.deepEqual(shapeOf(request(), true), { ...plain, web: true });
    for (const fields of [{ temperature: 0 }, { topP: 1 }, { topK: 1 }, { maxOutputTokens: 5 }]) {
      assert.deepEqual(shapeOf(request(fields), false), { ...plain, sampling: true });
    }
    assert.equal(shapeOf(request({ toolChoice: { mode: 'auto' } }), false).choice, false);
    assert.equal(shapeOf(request({ toolChoice: { mode: 'none' } }), false).choice, true);
  });

  it('takes a turn that needs no more than it has', () => {
    assert.equal(fits(full, plain), true);
    assert.equal(fits(plain, full), false);
    assert.equal(fits(plain, { ...plain, web: true }), false);
  });

  it('tells sampling whole, so that nothing is left to chance', async () => {
    const [given] = await answers({ temperature: 0, maxOutputTokens: 5 });
    assert.deepEqual(given, {
      hookEventName: 'BeforeModel',
      llm_request: { config: { temperature: 0, topP: 0.95, topK: 64, maxOutputTokens: 5 } },
    });
  });

  it('tells the choice of tools in the API’s words', async () => {
    const choices = [
      [{ mode: 'none' }, { mode: 'NONE' }],
      [{ mode: 'required' }, { mode: 'ANY' }],
      [
        { mode: 'tool', name: 'odd name' },
        { mode: 'ANY', allowedFunctionNames: [`mcp_t_${names.native('odd name')}`] },
      ],
      [undefined, { mode: 'AUTO' }],
    ] as const;
    for (const [toolChoice, toolConfig] of choices) {
      const [, given] = await answers({ toolChoice });
      assert.deepEqual(given, { hookEventName: 'BeforeToolSelection', toolConfig });
    }
  });

  it('is written where the CLI looks as it makes a session', async () => {
    const folder = join(directory, '.gemini', 'extensions', 'session');
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
    await writeShape(directory, full);
    assert.deepEqual(read('gemini-extension.json').excludeTools, ['google_web_search']);
    assert.deepEqual(Object.keys(read('hooks/hooks.json').hooks as object), ['BeforeModel', 'BeforeToolSelection']);
    await writeShape(directory, { ...plain, web: true });
    assert.deepEqual(read('gemini-extension.json').excludeTools, []);
    assert.deepEqual(read('hooks/hooks.json').hooks, {});
    assert.deepEqual(readdirSync(folder).sort(), ['gemini-extension.json', 'hooks']);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underDeclaredNames } from './declared-name.ts';
import { defaultAnswer } from './default-answer.ts';
import type { Script } from './script.ts';

const look: Script = [
  { type: 'text', text: 'So' },
  { type: 'call', name: 'look', arguments: { at: 'x' } },
];

function nameAmong(declared: string[]): unknown {
  return underDeclaredNames(look, declared).flatMap((step) => (step.type === 'call' ? [step.name] : []))[0];
}

test('a call means the tool that is declared under its name, with or without something in front', () => {
  assert.equal(nameAmong(['look', 'mcp_t_look']), 'look');
  assert.equal(nameAmong(['mcp_t_look', 'mcp_t_listen']), 'mcp_t_look');
});

test('a call of a tool that nobody declares, or that could be several, keeps its name', () => {
  assert.equal(nameAmong([]), 'look');
  assert.equal(nameAmong(['outlook']), 'look');
  assert.equal(nameAmong(['a_look', 'b_look']), 'look');
});

test('a tool that must be called is called by default, with arguments that its schema takes', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const prompt = { text: 'Hi', toolResults: ['sunny'], webSearch: true, stopSequences: [] };
  assert.deepEqual(defaultAnswer({ ...prompt, forcedTool: { name: 'answer', schema } }), [
    { type: 'call', name: 'answer', arguments: { city: 'simulated' } },
  ]);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FunctionTool } from '../core/tool.ts';
import { answerMcp } from './mcp-server.ts';

const tools: FunctionTool[] = [
  {
    kind: 'function',
    name: 'get_weather',
    description: 'The weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], $defs: { x: {} } },
  },
  { kind: 'function', name: 'bare', parameters: {} },
];

const ask = (method: string, params?: Record<string, unknown>) =>
  answerMcp({ jsonrpc: '2.0', id: 7, method, ...(params && { params }) }, tools);

describe('answerMcp', () => {
  it('shakes hands in the version that the client speaks', () => {
    const reply = ask('initialize', { protocolVersion: '2024-11-05' });
    assert.equal(reply?.id, 7);
    assert.equal(reply?.jsonrpc, '2.0');
    assert.equal(reply?.result?.protocolVersion, '2024-11-05');
    assert.deepEqual(reply?.result?.capabilities, { tools: {} });
    assert.match(String(ask('initialize')?.result?.protocolVersion), /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(ask('ping')?.result, {});
  });

  it('lists every tool with its schema untouched, an object schema even where the caller gave none', () => {
    const listed = ask('tools/list')?.result?.tools as Record<string, unknown>[];
    assert.deepEqual(
      listed.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
      [
        { name: 'get_weather', description: 'The weather', inputSchema: tools[0]?.parameters },
        { name: 'bare', description: '', inputSchema: { type: 'object' } },
      ],
    );
    assert.ok(listed.every(({ _meta }) => (_meta as Record<string, unknown>)['anthropic/alwaysLoad'] === true));
  });

  it('runs no tool', () => {
    assert.equal(ask('tools/call', { name: 'get_weather', arguments: {} })?.result?.isError, true);
  });

  it('answers no notification, and an unknown method with an error', () => {
    assert.equal(answerMcp({ jsonrpc: '2.0', method: 'notifications/initialized' }, tools), undefined);
    assert.equal(ask('resources/list')?.error?.code, -32601);
    assert.equal(answerMcp({ id: 0, method: 'ping' }, tools)?.id, 0);
    assert.equal(answerMcp({ id: 'text' }, tools)?.error?.code, -32601);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toMcpResult } from './mcp-result.ts';

describe('toMcpResult', () => {
  it('keeps text, images and files apart', () => {
    const result = toMcpResult({
      role: 'tool',
      callId: 'call_1',
      content: [
        { type: 'text', text: 'sunny' },
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a b.pdf' },
      ],
    });
    assert.deepEqual(result, {
      content: [
        { type: 'text', text: 'sunny' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'file:///a%20b.pdf', mimeType: 'application/pdf', blob: 'BBBB' } },
      ],
    });
  });

  it('marks a failure', () => {
    const result = toMcpResult({ role: 'tool', callId: 'call_1', content: [], isError: true });
    assert.deepEqual(result, { content: [], isError: true });
  });
});

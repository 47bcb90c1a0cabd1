import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ToolNames } from '../tool-names.ts';
import { callersTool } from './callers-tool.ts';

const names = new ToolNames([
  { kind: 'function', name: 'look up', parameters: {} },
  { kind: 'function', name: 'bash', parameters: {} },
]);
const native = names.native('look up');

describe('callersTool', () => {
  it('knows the caller’s tools in the forms in which agents write them', () => {
    const titles = [
      `client_${native}`,
      `mcp__client__${native}`,
      `client/${native}`,
      `Tool: client/${native}`,
      `${native} (client MCP Server)`,
    ];
    for (const title of titles) assert.equal(callersTool({ title }, names), 'look up', title);
    assert.equal(callersTool({ title: 'Looking things up', name: 'mcp__client__bash', kind: 'other' }, names), 'bash');
  });

  it('takes nothing else for one: not a tool of the agent’s own, nor a command that mentions one', () => {
    for (const title of ['bash', native, `rm -rf client_${native}`, `client_${native} && id`, '', 'client_other']) {
      assert.equal(callersTool({ title }, names), undefined, title);
    }
    assert.equal(callersTool({ title: 'client_bash', kind: 'execute' }, names), undefined);
    assert.equal(callersTool({}, names), undefined);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrivateHome } from '../support/private-home.ts';
import { operatorMark } from './provider/fixture.ts';

/**
 * Fills a home with everything that Claude Code would pick up from it. What runs of it leaves a file in the folder that
 * comes back.
 */
export function soilClaudeHome({ home, config, directory }: PrivateHome): string {
  const traces = join(directory, 'traces');
  mkdirSync(traces);
  const touch = (name: string) => `touch ${join(traces, name)}`;
  const hook = (name: string) => [{ hooks: [{ type: 'command', command: touch(name) }] }];
  const hooks = Object.fromEntries(
    ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'Stop', 'SessionEnd'].map((name) => [name, hook(name)]),
  );
  const settings = JSON.stringify({
    hooks,
    env: { OPERATOR_SETTING: operatorMark, ANTHROPIC_CUSTOM_HEADERS: `x-operator: ${operatorMark}` },
    outputStyle: 'operator',
    language: operatorMark,
    appendSystemPrompt: operatorMark,
    apiKeyHelper: touch('apiKeyHelper'),
    statusLine: { type: 'command', command: touch('statusLine') },
    permissions: { allow: ['Bash', 'Read', 'Write'] },
    enableAllProjectMcpServers: true,
  });
  const server = (name: string) => ({ [name]: { command: '/bin/sh', args: ['-c', `${touch(name)}; cat`] } });
  const frontMatter = (name: string) => `---\nname: ${name}\ndescription: ${operatorMark}\n---\n${operatorMark}\n`;
  for (const root of [config, join(home, '.claude')]) {
    write(join(root, 'settings.json'), settings);
    write(join(root, 'settings.local.json'), settings);
    write(join(root, 'CLAUDE.md'), operatorMark);
    write(join(root, 'skills', 'operator', 'SKILL.md'), frontMatter('operator'));
    write(join(root, 'agents', 'operator.md'), frontMatter('operator'));
    write(join(root, 'commands', 'operator.md'), operatorMark);
    write(join(root, 'output-styles', 'operator.md'), frontMatter('operator'));
    write(join(root, 'rules', 'operator.md'), operatorMark);
    write(join(root, 'memory', 'MEMORY.md'), operatorMark);
  }
  write(join(home, 'CLAUDE.md'), operatorMark);
  write(join(home, '.mcp.json'), JSON.stringify({ mcpServers: server('projectServer') }));
  const state = JSON.stringify({ mcpServers: server('userServer'), hasCompletedOnboarding: true });
  write(join(config, '.claude.json'), state);
  write(join(home, '.claude.json'), state);
  // Above the directories that children run in.
  write(join(directory, 'CLAUDE.md'), operatorMark);
  write(join(directory, '.mcp.json'), JSON.stringify({ mcpServers: server('outerServer') }));
  write(join(directory, '.claude', 'settings.json'), settings);
  return traces;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

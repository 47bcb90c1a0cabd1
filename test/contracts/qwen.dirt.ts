import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrivateHome } from '../support/private-home.ts';
import { operatorMark } from './provider/fixture.ts';

const events = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop', 'SessionEnd', 'StopFailure'];

/**
 * Fills a home with everything that Qwen Code would pick up from it, around a login that it should pick up. What runs of
 * it leaves a file in the folder that comes back.
 */
export function soilQwenHome({ home, directory }: PrivateHome, login: Record<string, unknown>): string {
  const traces = join(directory, 'traces');
  mkdirSync(traces);
  const touch = (name: string) => `touch ${join(traces, name)}`;
  const hook = (name: string) => [{ hooks: [{ type: 'command', command: touch(name) }] }];
  const server = (name: string) => ({ [name]: { command: '/bin/sh', args: ['-c', `${touch(name)}; cat`] } });
  const settings = {
    hooks: Object.fromEntries(events.map((name) => [name, hook(name)])),
    mcpServers: server('userServer'),
    env: { OPERATOR_SETTING: operatorMark },
    general: { outputStyle: 'operator', language: operatorMark, outputLanguage: operatorMark, chatRecording: true },
    context: { fileName: ['QWEN.md', 'OPERATOR.md'], includeDirectories: [home], loadFromIncludeDirectories: true },
    tools: { approvalMode: 'yolo', core: ['run_shell_command'], discoveryCommand: touch('discovery') },
    permissions: { allow: ['run_shell_command', 'read_file'] },
    ui: { statusLine: { type: 'command', command: touch('statusLine') }, enableFollowupSuggestions: true },
    memory: { enableManagedAutoMemory: true },
    modelFallbacks: `${operatorMark}-model`,
  };
  const frontMatter = (name: string) => `---\nname: ${name}\ndescription: ${operatorMark}\n---\n${operatorMark}\n`;
  const root = join(home, '.qwen');
  write(join(root, 'settings.json'), `// the operator's\n${JSON.stringify({ ...settings, ...login })}`);
  for (const folder of [root, home, directory]) {
    for (const name of ['QWEN.md', 'OPERATOR.md', 'AGENTS.md']) write(join(folder, name), operatorMark);
  }
  for (const folder of [root, join(directory, '.qwen')]) {
    write(join(folder, 'system.md'), operatorMark);
    write(join(folder, 'output-language.md'), operatorMark);
    write(join(folder, 'skills', 'operator', 'SKILL.md'), frontMatter('operator'));
    write(join(folder, 'agents', 'operator.md'), frontMatter('operator'));
    write(join(folder, 'commands', 'operator.md'), frontMatter('operator'));
    write(join(folder, 'output-styles', 'operator.md'), frontMatter('operator'));
    write(join(folder, 'rules', 'operator.md'), operatorMark);
    write(join(folder, 'memory', 'MEMORY.md'), operatorMark);
    write(
      join(folder, 'extensions', 'operator', 'qwen-extension.json'),
      JSON.stringify({ name: 'operator', version: '1.0.0', mcpServers: server('extensionServer') }),
    );
    write(join(folder, 'extensions', 'operator', 'QWEN.md'), operatorMark);
  }
  // Above the directories that sessions run in.
  write(join(directory, '.qwen', 'settings.json'), JSON.stringify(settings));
  write(join(directory, '.mcp.json'), JSON.stringify({ mcpServers: server('projectServer') }));
  write(join(home, '.env'), `OPERATOR_ENV=${operatorMark}\n`);
  makeRepository(directory);
  return traces;
}

function makeRepository(directory: string): void {
  const owner = ['-c', 'user.name=operator', '-c', 'user.email=operator@localhost'];
  const run = (...words: string[]) => execFileSync('git', words, { cwd: directory, stdio: 'ignore' });
  run('init', '--quiet');
  run(...owner, 'commit', '--quiet', '--allow-empty', '--message', operatorMark);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

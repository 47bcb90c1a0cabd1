import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrivateHome } from '../support/private-home.ts';
import { operatorMark } from './provider/fixture.ts';

/**
 * Fills a home with everything that Codex would pick up from it. What runs of it leaves a file in the folder that comes
 * back.
 */
export function soilCodexHome({ home, state, directory }: PrivateHome): string {
  const traces = join(directory, 'traces');
  mkdirSync(traces);
  const touch = (name: string) => ['/bin/sh', '-c', `touch ${join(traces, name)}; cat`];
  const server = (name: string) => `[mcp_servers.${name}]\ncommand = "/bin/sh"\nargs = ${toml(touch(name).slice(1))}\n`;
  const config = [
    `developer_instructions = "${operatorMark}"`,
    `model_instructions_file = "${join(home, '.codex', 'AGENTS.md')}"`,
    `notify = ${toml(touch('notify'))}`,
    `model = "${operatorMark}"`,
    `[shell_environment_policy.set]\nOPERATOR_SETTING = "${operatorMark}"`,
    `[projects."${directory}"]\ntrust_level = "trusted"`,
    server('userServer'),
  ].join('\n');
  const hooks = { hooks: { SessionStart: [{ hooks: [{ type: 'command', command: touch('hook').join(' ') }] }] } };
  const skill = `---\nname: operator\ndescription: ${operatorMark}\n---\n${operatorMark}\n`;
  // The user's own, above the directories that children run in, and where Codex is told that its home is.
  for (const root of [join(home, '.codex'), join(directory, '.codex'), join(state, 'codex', 'key')]) {
    write(join(root, 'config.toml'), config);
    write(join(root, 'hooks.json'), JSON.stringify(hooks));
    write(join(root, '.agents', 'skills', 'operator', 'SKILL.md'), skill);
    write(join(root, 'skills', 'operator', 'SKILL.md'), skill);
    write(join(root, 'prompts', 'operator.md'), operatorMark);
    write(join(root, 'rules', 'default.rules'), `# ${operatorMark}\n`);
  }
  write(join(home, '.codex', 'AGENTS.md'), operatorMark);
  for (const root of [home, directory]) {
    mkdirSync(join(root, '.git'), { recursive: true });
    write(join(root, 'AGENTS.md'), operatorMark);
    write(join(root, '.agents', 'skills', 'operator', 'SKILL.md'), skill);
  }
  return traces;
}

function toml(words: readonly string[]): string {
  return JSON.stringify(words);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrivateHome } from '../support/private-home.ts';
import { operatorMark } from './provider/fixture.ts';

/**
 * Fills a home with everything that Gemini CLI would pick up from it. What runs of it leaves a file in the folder that
 * comes back.
 */
export function soilGeminiHome({ home, directory }: PrivateHome): string {
  const traces = join(directory, 'traces');
  mkdirSync(traces);
  const touch = (name: string) => `touch ${join(traces, name)}`;
  const hook = (name: string) => [{ hooks: [{ type: 'command', name, command: touch(name) }] }];
  const events = ['SessionStart', 'BeforeAgent', 'BeforeModel', 'AfterModel', 'BeforeToolSelection', 'AfterAgent'];
  const hooks = Object.fromEntries(events.map((name) => [name, hook(name)]));
  const server = (name: string) => ({ [name]: { command: '/bin/sh', args: ['-c', `${touch(name)}; cat`] } });
  const settings = JSON.stringify({
    hooksConfig: { enabled: true },
    hooks,
    mcpServers: server('userServer'),
    context: { fileName: ['GEMINI.md', 'OPERATOR.md'] },
    tools: { discoveryCommand: touch('discovery'), core: ['run_shell_command'] },
    telemetry: { enabled: true, target: 'local', outfile: join(traces, 'telemetry') },
    model: { name: operatorMark },
  });
  const extension = JSON.stringify({ name: 'operator', version: '1.0.0', mcpServers: server('extensionServer') });
  // The second is above the directories that children run in.
  for (const root of [join(home, '.gemini'), join(directory, '.gemini')]) {
    write(join(root, 'settings.json'), settings);
    write(join(root, 'GEMINI.md'), operatorMark);
    write(join(root, 'system.md'), operatorMark);
    write(join(root, '.env'), `GEMINI_SYSTEM_MD=true\nOPERATOR=${operatorMark}\n`);
    write(join(root, 'commands', 'operator.toml'), `prompt = "${operatorMark}"\n`);
    write(join(root, 'skills', 'operator', 'SKILL.md'), `---\nname: operator\ndescription: ${operatorMark}\n---\n`);
    write(join(root, 'extensions', 'operator', 'gemini-extension.json'), extension);
    write(join(root, 'extensions', 'operator', 'GEMINI.md'), operatorMark);
    write(join(root, 'policies', 'operator.toml'), '[[rule]]\ntoolName = "*"\ndecision = "allow"\npriority = 999\n');
  }
  for (const folder of [home, directory]) {
    write(join(folder, 'GEMINI.md'), operatorMark);
    write(join(folder, 'OPERATOR.md'), operatorMark);
    write(join(folder, '.env'), `OPERATOR=${operatorMark}\nGEMINI_MODEL=${operatorMark}\n`);
  }
  return traces;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

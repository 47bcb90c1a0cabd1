import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claudeCli, skipWithoutClaude } from './claude-cli.ts';
import { codexCli, skipWithoutCodex } from './codex-cli.ts';
import { geminiCli, skipWithoutGemini } from './gemini-cli.ts';
import type { PrivateHome } from './private-home.ts';
import { qwenCli, skipWithoutQwen } from './qwen-cli.ts';

const longestRunMs = 60_000;

/** A CLI as somebody's client: sent to this server for its model by the one setting that it has for that. */
export interface ClientCli {
  title: string;
  program: string;
  /** The call by which its model has it read a file of its own directory. */
  readCall(file: string): { name: string; arguments: Record<string, unknown> };
  arguments(options: { model: string; prompt: string; url: string }): string[];
  environment(options: { url: string; home: string }): Record<string, string>;
  /** Writes what it wants in its home before it starts. */
  furnish?(home: string): void;
}

export const skipWithoutClients = skipWithoutClaude || skipWithoutCodex || skipWithoutGemini || skipWithoutQwen;

/** All of them, each with the dialect that it speaks. */
export const clientClis: readonly ClientCli[] = [
  {
    title: 'Claude Code, through /v1/messages',
    program: claudeCli,
    readCall: (file) => ({ name: 'Read', arguments: { file_path: file } }),
    arguments: ({ model, prompt }) => ['-p', prompt, '--model', model, '--allowedTools', 'Read'],
    environment: ({ url, home }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'unused',
      CLAUDE_CONFIG_DIR: join(home, '.claude'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
  },
  {
    title: 'Codex, through /v1/responses',
    program: codexCli,
    readCall: (file) => ({ name: 'exec_command', arguments: { cmd: `cat '${file}'` } }),
    arguments: ({ model, prompt, url }) => [
      'exec',
      '--skip-git-repo-check',
      '--dangerously-bypass-approvals-and-sandbox',
      '-m',
      model,
      '-c',
      'model_provider="own"',
      '-c',
      `model_providers.own={name="own",base_url="${url}/v1",wire_api="responses",env_key="OWN_KEY"}`,
      '-c',
      'analytics.enabled=false',
      '-c',
      'features.plugins=false',
      prompt,
    ],
    environment: ({ home }) => ({ CODEX_HOME: join(home, '.codex'), OWN_KEY: 'unused' }),
    furnish: (home) => mkdirSync(join(home, '.codex')),
  },
  {
    title: 'Gemini CLI, through /v1beta',
    program: geminiCli,
    readCall: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
    arguments: ({ model, prompt }) => ['-p', prompt, '-m', model, '--approval-mode', 'yolo'],
    environment: ({ url, home }) => ({
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: 'unused',
      GEMINI_CLI_HOME: home,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      GEMINI_CLI_NO_RELAUNCH: '1',
    }),
    furnish: (home) => {
      mkdirSync(join(home, '.gemini'));
      const settings = {
        security: { auth: { selectedType: 'gemini-api-key' } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
      };
      writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
    },
  },
  {
    title: 'Qwen Code, through /v1/chat/completions',
    program: qwenCli,
    readCall: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
    arguments: ({ model, prompt }) => ['-p', prompt, '--model', model, '--approval-mode', 'yolo'],
    environment: ({ url, home }) => ({
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: 'unused',
      QWEN_HOME: join(home, '.qwen'),
      QWEN_CODE_NO_RELAUNCH: 'true',
    }),
    furnish: (home) => {
      mkdirSync(join(home, '.qwen'));
      const settings = {
        security: { auth: { selectedType: 'openai' } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
        memory: { enableManagedAutoMemory: false },
        ui: { enableFollowupSuggestions: false },
      };
      writeFileSync(join(home, '.qwen', 'settings.json'), JSON.stringify(settings));
    },
  },
];

/** What a client that is started in this directory, with a home of its own, writes. */
export async function runClient(
  client: ClientCli,
  options: { directory: string; home: PrivateHome; url: string; model: string; prompt: string },
): Promise<{ code: number | null; output: string; errors: string }> {
  const { directory } = options;
  const own = mkdtempSync(join(options.home.directory, 'client-'));
  const home = join(own, 'home');
  mkdirSync(home);
  client.furnish?.(home);
  const child = spawn(client.program, client.arguments(options), {
    cwd: directory,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      TMPDIR: own,
      // What a CLI tells its maker by default does not leave this machine.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1',
      ...client.environment({ url: options.url, home }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const kill = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It is gone.
    }
  };
  const timer = setTimeout(kill, longestRunMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  kill();
  return { code, output, errors };
}

import { hasText } from '../one-shot.ts';
import type { Subject } from '../subject.ts';

const model = 'claude-sonnet-5';
const streaming = ['--output-format', 'stream-json', '--include-partial-messages', '--verbose'];
const lean = [
  '--tools=',
  '--setting-sources=',
  '--strict-mcp-config',
  '--disable-slash-commands',
  '--no-session-persistence',
];

/** Claude Code. */
export const claude: Subject = {
  id: 'claude',
  title: 'Claude Code',
  cli: 'claude',
  model,
  targets: { first: 0.3, next: 0.1, result: 0.08 },
  share: 3,
  request: { method: 'POST', path: /^\/v1\/messages$/ },
  async oneShots(program) {
    const command = (flags: readonly string[]) => (prompt: string) => ['-p', prompt, '--model', model, ...flags];
    return [
      { id: 'default', title: 'one-shot, default flags', program, arguments: command([]), isAnswer: hasText },
      {
        id: 'streaming',
        title: 'one-shot, default flags, streaming output',
        program,
        arguments: command(streaming),
        isAnswer: (output) => output.includes('"text_delta"'),
      },
      {
        id: 'leanest',
        title: 'one-shot, leanest form',
        program,
        arguments: command(lean),
        environment: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
        isAnswer: hasText,
      },
    ];
  },
  direct: (prompt) => ({
    path: '/v1/messages',
    headers: { 'x-api-key': 'sk-bench', 'anthropic-version': '2023-06-01' },
    body: { model, max_tokens: 1000, messages: [{ role: 'user', content: prompt }], stream: true },
    isContent: (event) => (event as { type?: string }).type === 'content_block_delta',
  }),
};

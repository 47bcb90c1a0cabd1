import { nativeProgram } from '../../src/providers/codex/native-program.ts';
import { hasText } from '../one-shot.ts';
import type { Subject } from '../subject.ts';

/** The name that stands for the CLI's own choice: what the one-shot command takes, too. */
const model = 'codex';

/** What a plain answer does not need. */
const lean = [
  'features.plugins=false',
  'features.apps=false',
  'features.shell_snapshot=false',
  'skills.bundled.enabled=false',
  'agents.enabled=false',
  'analytics.enabled=false',
  'check_for_update_on_startup=false',
].flatMap((setting) => ['-c', setting]);

/** Codex with its two ways to the model API: each is compared with a one-shot command that goes the same way. */
export const codexOverWebSocket = overTransport('websocket', 'WebSocket', 'on');
export const codexOverHttp = overTransport('http', 'HTTP', 'off');

function overTransport(id: string, name: string, webSocket: 'on' | 'off'): Subject {
  const files = (simulatorUrl: string) => ({ '.codex/config.toml': config(simulatorUrl, webSocket === 'on') });
  return {
    id: `codex-${id}`,
    title: `Codex over ${name}`,
    cli: 'codex',
    model,
    settings: { CODEX_WEBSOCKET: webSocket },
    targets: { first: 0.2, next: 0.15 },
    share: 1,
    request: { method: webSocket === 'on' ? 'GET' : 'POST', path: /^\/v1\/responses$/ },
    async oneShots(program) {
      return [
        {
          id: 'default',
          title: 'one-shot, default flags',
          program,
          arguments: (prompt) => ['exec', '--skip-git-repo-check', prompt],
          files,
          isAnswer: hasText,
        },
        {
          id: 'leanest',
          title: 'one-shot, leanest form',
          note: "the native program, without npm's script before it",
          program: await nativeProgram(program),
          arguments: (prompt) => ['exec', '--skip-git-repo-check', '--ephemeral', ...lean, prompt],
          files,
          isAnswer: hasText,
        },
      ];
    },
    direct: (prompt) => ({
      path: '/v1/responses',
      headers: { authorization: 'Bearer sk-bench' },
      body: { model: 'gpt-5.5', input: [{ role: 'user', content: prompt }], stream: true },
      isContent: (event) => (event as { type?: string }).type === 'response.output_text.delta',
    }),
  };
}

/** It reads the address of the model API from its configuration alone. */
function config(simulatorUrl: string, webSocket: boolean): string {
  return [
    'model_provider = "simulated"',
    '[model_providers.simulated]',
    'name = "simulated"',
    `base_url = "${simulatorUrl}/v1"`,
    'wire_api = "responses"',
    'env_key = "CODEX_API_KEY"',
    `supports_websockets = ${webSocket}`,
    '',
  ].join('\n');
}

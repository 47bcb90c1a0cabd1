import { resolveCommand } from '../../src/providers/qwen/command.ts';
import { nativeSettings } from '../../src/providers/qwen/native-settings.ts';
import { hasText } from '../one-shot.ts';
import type { Subject } from '../subject.ts';

const model = 'qwen3-coder-plus';

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
}

/** Qwen Code. By default its one-shot command asks the model a second time, for its memory. */
export const qwen: Subject = {
  id: 'qwen',
  title: 'Qwen Code',
  cli: 'qwen',
  model,
  targets: { first: 0.1, next: 0.05 },
  share: 2,
  request: { method: 'POST', path: /^\/v1\/chat\/completions$/ },
  async oneShots(program) {
    const { executable, arguments: before } = await resolveCommand(program);
    const settings = nativeSettings({ settings: { security: { auth: { selectedType: 'openai' } } } });
    return [
      {
        id: 'default',
        title: 'one-shot, default flags',
        program,
        arguments: (prompt) => ['-p', prompt],
        isAnswer: hasText,
      },
      {
        id: 'leanest',
        title: 'one-shot, leanest form',
        note: "with our server's settings file",
        program: executable,
        arguments: (prompt) => [...before, '-p', prompt],
        environment: { QWEN_CODE_NO_RELAUNCH: 'true', NODE_COMPILE_CACHE: '~/cache' },
        files: () => ({ '.qwen/settings.json': JSON.stringify(settings) }),
        isAnswer: hasText,
      },
    ];
  },
  direct: (prompt) => ({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk-bench' },
    body: { model, messages: [{ role: 'user', content: prompt }], stream: true },
    isContent: (event) => ((event as Chunk).choices ?? []).some(({ delta }) => Boolean(delta?.content)),
  }),
};

import { nativeSettings } from '../../src/providers/gemini/native-settings.ts';
import { hasText } from '../one-shot.ts';
import type { Subject } from '../subject.ts';

const model = 'gemini-2.5-flash';
const login = 'gemini-api-key';

/** Gemini CLI. By default its one-shot command first asks a smaller model which model to take. */
export const gemini: Subject = {
  id: 'gemini',
  title: 'Gemini CLI',
  cli: 'gemini',
  model,
  targets: { first: 0.1, next: 0.05 },
  share: 2,
  request: { method: 'POST', path: /:(streamG|g)enerateContent$/ },
  async oneShots(program) {
    // Without it the command refuses to run in a directory that nobody has said to trust.
    const trust = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };
    return [
      {
        id: 'default',
        title: 'one-shot, default flags',
        program,
        arguments: (prompt) => ['-p', prompt],
        environment: trust,
        files: () => settings({ security: { auth: { selectedType: login } } }),
        isAnswer: hasText,
      },
      {
        id: 'leanest',
        title: 'one-shot, leanest form',
        note: "with our server's settings file",
        program,
        arguments: (prompt) => ['-p', prompt, '--model', model],
        environment: { ...trust, GEMINI_CLI_NO_RELAUNCH: '1', NODE_COMPILE_CACHE: '~/cache' },
        files: () => settings(nativeSettings(login)),
        isAnswer: hasText,
      },
    ];
  },
  direct: (prompt) => ({
    path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    headers: { 'x-goog-api-key': 'bench' },
    body: { contents: [{ role: 'user', parts: [{ text: prompt }] }] },
    isContent: (event) => (event as { candidates?: unknown[] }).candidates !== undefined,
  }),
};

function settings(values: object): Record<string, string> {
  return { '.gemini/settings.json': JSON.stringify(values) };
}

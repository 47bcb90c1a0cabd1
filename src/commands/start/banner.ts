import { styleText } from 'node:util';
import type { Config } from '../../config.ts';
import type { ModelRecord, Provider, ProviderStatus } from '../../providers/provider.ts';
import type { RunningServer } from '../../server.ts';
import { stateWord } from '../state-word.ts';

/** The models that are named one by one; of more, only the number is told. */
const namedModels = 8;

/** Shorter keys can be guessed. */
const shortestKey = 16;

type Address = Pick<RunningServer, 'url' | 'port'>;

/** Said as soon as the server listens. */
export function listeningLines({ server, config }: { server: Address; config: Config }): string[] {
  const { port, http } = config;
  const moved = port !== 0 && port !== server.port;
  return [
    `Listening on ${styleText('bold', `${server.url}/v1`)}`,
    ...(moved ? [`Port ${port} is taken, so it is port ${server.port} this time.`] : []),
    http.apiKeys.length > 0 ? 'Callers need the API key.' : 'Callers need no API key.',
  ];
}

/** Sentences on what the settings put at risk. */
export function warnings(options: { server: Pick<RunningServer, 'open' | 'networkUrls'>; config: Config }): string[] {
  const { open, networkUrls } = options.server;
  const { apiKeys } = options.config.http;
  const sentences: string[] = [];
  if (open) {
    const where = networkUrls.length > 0 ? `: ${networkUrls.map((url) => `${url}/v1`).join(', ')}` : '';
    const risk =
      apiKeys.length > 0
        ? 'They need the API key, which travels there unencrypted.'
        : 'They need no API key: anybody who reaches this machine can spend your subscription.';
    sentences.push(`Other machines can connect${where}. ${risk}`);
  }
  if (apiKeys.some((key) => key.length < shortestKey)) {
    sentences.push(`API_KEY holds a key that can be guessed: take ${shortestKey} characters or more.`);
  }
  return sentences;
}

/** Said once, when a key has just been made. */
export function keyLines({ server, key }: { server: Address; key: string }): string[] {
  return [
    'Your API key, shown only this once and valid until the server stops:',
    `  ${key}`,
    'Try it:',
    `  curl ${server.url}/v1/models -H 'Authorization: Bearer ${key}'`,
  ];
}

/** Said of each CLI when its state is known or changes. `isDemo`: its answers are scripted, whatever its login says. */
export function providerLines(
  { title }: Pick<Provider, 'title'>,
  status: ProviderStatus,
  { isDemo }: { isDemo: boolean },
): string[] {
  const { version, state, advice, login, models } = status;
  const lines = [[styleText('bold', title), version, stateWord(state)].filter((part) => part !== undefined).join(' ')];
  if (advice !== undefined) lines.push(`  ${advice}`);
  if (isDemo) lines.push('  A real CLI with scripted answers: no real model speaks, and nobody pays.');
  else if (login !== undefined) lines.push(`  Paid by ${login.payer}.`);
  if (models.length > 0)
    lines.push(`  ${models.length} ${models.length === 1 ? 'model' : 'models'}: ${nameModels(models)}`);
  return lines;
}

function nameModels(models: readonly ModelRecord[]): string {
  const names = models.slice(0, namedModels).map(({ id, aliases }) => {
    return aliases.length === 0 ? id : `${id} (${aliases.join(', ')})`;
  });
  return [...names, ...(models.length > namedModels ? ['…'] : [])].join(', ');
}

export interface Suggestion {
  server: Address;
  /** Whether a caller needs a key. */
  locked: boolean;
  /** A model of a CLI of the user's that is ready. */
  model?: string;
  /** A demo model that is ready. */
  demoModel?: string;
  /** What to type to get demo models. */
  demoCommand: string;
}

/** Said when every CLI has been looked at: what to do next, with a call to paste. */
export function suggestionLines({ server, locked, model, demoModel, demoCommand }: Suggestion): string[] {
  const lines: string[] = [];
  const call = (ask: Parameters<typeof curl>[2]) => `  ${curl(server, locked, ask)}`;
  if (model !== undefined) lines.push('Try it:', call({ model, prompt: 'Hello!' }));
  else lines.push('No CLI of yours is ready yet: the server looks again when a request comes.');
  if (demoModel !== undefined) {
    lines.push(
      'Try a demo model, whose answer is in the prompt, and a tool call of it:',
      call({ model: demoModel, prompt: '[[text Hello!]]' }),
      call({ model: demoModel, prompt: '[[call get_weather {"city":"Paris"}]]', tool: 'get_weather' }),
    );
  } else if (model === undefined) {
    lines.push(`Demo models need no account: ${demoCommand}`);
  }
  return lines;
}

function curl(server: Address, locked: boolean, ask: { model: string; prompt: string; tool?: string }): string {
  const body = {
    model: ask.model,
    messages: [{ role: 'user', content: ask.prompt }],
    ...(ask.tool && { tools: [{ type: 'function', function: { name: ask.tool } }] }),
  };
  const key = locked ? ` -H 'Authorization: Bearer YOUR_KEY'` : '';
  return `curl ${server.url}/v1/chat/completions -H 'Content-Type: application/json'${key} -d '${JSON.stringify(body)}'`;
}

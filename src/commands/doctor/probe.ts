import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Completion, CompletionBuilder } from '../../core/completion.ts';
import type { Message } from '../../core/message.ts';
import type { GenerateRequest } from '../../core/request.ts';
import type { Workspace } from '../../process/workspace.ts';
import type { Provider, Session } from '../../providers/provider.ts';
import type { RecordedRequest } from '../../simulator/recorder.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';

/** The longest that one turn may take. */
export const turnTimeoutMs = 60_000;

/** A CLI that is tried out: it has a home without a login and talks to a scripted model API. */
export interface Probe {
  provider: Provider;
  simulator: Simulator;
  /** A model of the CLI's. */
  model: string;
  /** A file that must never be read, and what is in it. */
  secret: { file: string; content: string };
}

/** Gets a CLI ready to be tried out. Fails when it does not take the dummy key. */
export async function openProbe(options: {
  provider: Provider;
  simulator: Simulator;
  workspace: Workspace;
}): Promise<Probe> {
  const { provider, simulator, workspace } = options;
  const status = await provider.inspect(AbortSignal.timeout(turnTimeoutMs));
  const model = status.models[0]?.id;
  if (model === undefined) throw new Error(status.advice ?? `${provider.title} offers no models.`);
  const secret = { file: join(workspace.createDirectory(), 'secret.txt'), content: 'the content of a private file' };
  writeFileSync(secret.file, secret.content);
  return { provider, simulator, model, secret };
}

/** A new session without web tools. */
export async function openSession({ provider }: Probe): Promise<Session> {
  const [account = ''] = provider.accounts;
  return provider.open({ account, web: false }, AbortSignal.timeout(turnTimeoutMs));
}

/** A request with nothing but what is given. */
export function request(probe: Probe, messages: Message[], extra: Partial<GenerateRequest> = {}): GenerateRequest {
  return { model: probe.model, messages, tools: [], ...extra };
}

export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

export interface Turn {
  completion: Completion;
  /** When each piece of text came, by `performance.now()`. */
  textAt: number[];
  /** What the model API was asked. */
  upstream: RecordedRequest;
}

/** Asks in this session and waits for the end. `known` as in `Session.turn`. */
export async function ask(
  probe: Probe,
  session: Session,
  { asked, known = 0 }: { asked: GenerateRequest; known?: number },
): Promise<Turn> {
  probe.simulator.clear();
  const builder = new CompletionBuilder();
  const textAt: number[] = [];
  for await (const event of session.turn(asked, { known }, AbortSignal.timeout(turnTimeoutMs))) {
    builder.add(event);
    if (event.type === 'text-delta') textAt.push(performance.now());
  }
  const upstream = probe.simulator.lastRequest(({ prompt }) => prompt.text !== '' || prompt.toolResults.length > 0);
  if (upstream === undefined) throw new Error('the prompt never reached the model');
  return { completion: builder.build(), textAt, upstream };
}

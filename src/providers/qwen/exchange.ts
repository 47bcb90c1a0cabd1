import type { FinishReason } from '../../core/event.ts';

/** One request to the model API as the CLI wrote it down when it was over. */
export type Exchange =
  | { kind: 'answer'; text: string; calls: ExchangeCall[]; reason: FinishReason; usage: ExchangeUsage }
  | { kind: 'failure'; message: string };

export interface ExchangeCall {
  id: string;
  /** As the model knows it. */
  name: string;
  arguments: Record<string, unknown>;
}

export interface ExchangeUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
}

interface Written {
  response?: {
    choices?: {
      message?: { content?: unknown; tool_calls?: { id?: string; function?: { name?: string; arguments?: string } }[] };
      finish_reason?: string;
    }[];
    usage?: {
      prompt_tokens?: number;
      completion_tokens?: number;
      prompt_tokens_details?: { cached_tokens?: number };
    };
  } | null;
  error?: { message?: string } | null;
}

const reasons: Record<string, FinishReason> = { length: 'length', content_filter: 'content-filter' };

/** Keys of the first level stand on lines of their own: the request, which can be long, ends where the answer begins. */
const answerBegins = Buffer.from('\n  "response": ');

/** Reads such a file; undefined while it is not all written. */
export function readExchange(bytes: Buffer): Exchange | undefined {
  const at = bytes.lastIndexOf(answerBegins);
  const written = at < 0 ? undefined : parse(`{${bytes.toString('utf8', at + 1)}`);
  if (written === undefined) return undefined;
  if (written.error) return { kind: 'failure', message: written.error.message ?? '' };
  const [choice] = written.response?.choices ?? [];
  const { usage } = written.response ?? {};
  return {
    kind: 'answer',
    text: typeof choice?.message?.content === 'string' ? choice.message.content : '',
    calls: (choice?.message?.tool_calls ?? []).map(({ id = '', function: called }) => ({
      id,
      name: called?.name ?? '',
      arguments: (parse(called?.arguments ?? '{}') ?? {}) as Record<string, unknown>,
    })),
    reason: reasons[choice?.finish_reason ?? ''] ?? 'stop',
    usage: {
      inputTokens: usage?.prompt_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0,
      cacheReadTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    },
  };
}

function parse(text: string): Written | undefined {
  try {
    return JSON.parse(text) as Written;
  } catch {
    return undefined;
  }
}

import type { StreamEvent } from '../../src/core/event.ts';

const usage = { inputTokens: 7, outputTokens: 3 };

/** An answer of these events. */
export function answered(reason: 'stop' | 'tool-calls', ...events: StreamEvent[]): StreamEvent[] {
  return [{ type: 'start', model: 'some-model' }, ...events, { type: 'finish', reason, usage }];
}

/** An answer in words. */
export function said(text: string): StreamEvent[] {
  return answered('stop', { type: 'text-delta', text });
}

/** The events of one call. */
export function calling(index: number, id: string, name: string, input: object): StreamEvent[] {
  const call = { kind: 'function' as const, id, name, arguments: JSON.stringify(input) };
  return [
    { type: 'tool-call-start', index, kind: call.kind, id, name },
    { type: 'tool-call-delta', index, arguments: call.arguments },
    { type: 'tool-call-end', index, call },
  ];
}

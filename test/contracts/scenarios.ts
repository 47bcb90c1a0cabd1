import type { Citation, FinishReason, StreamEvent } from '../../src/core/event.ts';
import type { ToolCall } from '../../src/core/tool.ts';
import type { Usage } from '../../src/core/usage.ts';

/** What a caller has in hand once an answer is there, in whatever dialect it came. */
export interface SeenChoice {
  text: string;
  reasoning: string;
  refusal: string;
  calls: ToolCall[];
  citations: Citation[];
  finish: FinishReason;
}

export interface Scenario {
  events: StreamEvent[];
  seen: SeenChoice;
}

export const model = 'test-model-1';
export const usage: Usage = {
  inputTokens: 30,
  outputTokens: 12,
  cacheReadTokens: 20,
  cacheWriteTokens: 4,
  reasoningTokens: 5,
};

const nothing = { text: '', reasoning: '', refusal: '', calls: [], citations: [] };
const weather: ToolCall = { kind: 'function', id: 'call_1', name: 'weather', arguments: '{"city":"Zürich"}' };
const search: ToolCall = {
  kind: 'function',
  id: 'call_2',
  name: 'search',
  arguments: '{"query":"a \\"b\\"","limit":3}',
};
const clock: ToolCall = { kind: 'function', id: 'call_3', name: 'clock', arguments: '' };
const patch: ToolCall = { kind: 'custom', id: 'call_4', name: 'patch', arguments: '*** Begin\n+ line' };
const citation: Citation = { url: 'https://example.org/a', title: 'A page', start: 0, end: 5 };

const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value });

function called(index: number, call: ToolCall, fragments: string[]): StreamEvent[] {
  const { kind, id, name } = call;
  return [
    { type: 'tool-call-start', index, kind, id, name },
    ...fragments.map((fragment): StreamEvent => ({ type: 'tool-call-delta', index, arguments: fragment })),
    { type: 'tool-call-end', index, call },
  ];
}

function scenario(events: StreamEvent[], seen: Partial<SeenChoice> & { finish: FinishReason }): Scenario {
  return {
    events: [{ type: 'start', model }, ...events, { type: 'finish', reason: seen.finish, usage }],
    seen: { ...nothing, ...seen },
  };
}

/** Answers that every dialect must be able to tell. */
export const scenarios = {
  text: scenario([text('Grüezi'), text(''), text(' 🌍\n')], { text: 'Grüezi 🌍\n', finish: 'stop' }),
  nothing: scenario([], { finish: 'stop' }),
  'reasoning, then text': scenario(
    [
      { type: 'reasoning-delta', text: 'Let me ' },
      { type: 'reasoning-delta', text: 'think.' },
      { type: 'reasoning-end', signature: 'sealed', origin: 'test' },
      text('Yes.'),
    ],
    { reasoning: 'Let me think.', text: 'Yes.', finish: 'stop' },
  ),
  'two parallel calls': scenario(
    [
      text('Looking.'),
      { type: 'tool-call-start', index: 0, kind: 'function', id: weather.id, name: weather.name },
      { type: 'tool-call-delta', index: 0, arguments: '' },
      { type: 'tool-call-delta', index: 0, arguments: '{"ci' },
      { type: 'tool-call-delta', index: 0, arguments: 'ty":"Zürich"}' },
      { type: 'tool-call-end', index: 0, call: weather },
      ...called(1, search, ['{"query":"a \\', '"b\\"","limit', '":3}']),
    ],
    { text: 'Looking.', calls: [weather, search], finish: 'tool-calls' },
  ),
  'a call without arguments': scenario(called(0, clock, ['']), {
    calls: [{ ...clock, arguments: '{}' }],
    finish: 'tool-calls',
  }),
  'a call whose arguments come at once': scenario(called(0, weather, []), { calls: [weather], finish: 'tool-calls' }),
  'a custom call': scenario(called(0, patch, ['*** Begin\n', '+ line']), { calls: [patch], finish: 'tool-calls' }),
  'a refusal': scenario([{ type: 'refusal-delta', text: 'I will not.' }], { refusal: 'I will not.', finish: 'stop' }),
  'a cited text': scenario([text('Paris is large.'), { type: 'citation', citation }], {
    text: 'Paris is large.',
    citations: [citation],
    finish: 'stop',
  }),
  'a text cut for length': scenario([text('Once upon')], { text: 'Once upon', finish: 'length' }),
  'a filtered text': scenario([text('Well')], { text: 'Well', finish: 'content-filter' }),
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../../src/core/event.ts';
import type { Message } from '../../../src/core/message.ts';
import type { FunctionTool, ToolCall } from '../../../src/core/tool.ts';
import { type Asker, result, tool, user } from './asking.ts';
import { noteLoss } from './loss.ts';

const nested: FunctionTool = {
  kind: 'function',
  name: 'plan',
  description: 'Plans a trip, "quoted", 日本',
  parameters: {
    type: 'object',
    properties: {
      stops: { type: 'array', items: { $ref: '#/$defs/stop' }, minItems: 1 },
      pace: { enum: ['slow', 'fast', null] },
      budget: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
    },
    required: ['stops'],
    additionalProperties: false,
    $defs: {
      stop: {
        type: 'object',
        properties: { name: { type: 'string', pattern: '^[A-Z]' }, next: { $ref: '#/$defs/stop' } },
        required: ['name'],
      },
    },
  },
};
const twelve = [...Array.from({ length: 11 }, (_, index) => tool(`tool_${index}`, { at: { type: 'string' } })), nested];

export function toolsContract(asker: () => Asker): void {
  describe('tools', () => {
    it('reach the model under their own names with their own schemas, and no others', async (t) => {
      const { ask, request, fixture } = asker();
      const { upstream, requests } = await ask(request('[[text Ready]]', { tools: twelve }));
      const byName = <T extends { name: string }>(list: T[]) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { schemaKeywords } = fixture.losses;
      const given = twelve.map(({ name, description = '', parameters: schema }) => ({ name, description, schema }));
      if (schemaKeywords === undefined) {
        assert.deepEqual(byName(upstream.tools), byName(given));
      } else {
        noteLoss(t, schemaKeywords);
        const plain = (list: typeof given) =>
          byName(list).map(({ schema, ...tool }) => ({ ...tool, schema: shape(schema) }));
        assert.deepEqual(plain(upstream.tools), plain(given));
        // What the shape leaves out stands somewhere, be it as a keyword or in words.
        const told = JSON.stringify(upstream.tools.find(({ name }) => name === nested.name)).replaceAll('\\', '');
        for (const rule of ['"?minItems"?: ?1', '"?minimum"?: ?0', '"?pattern"?: ?"\\^\\[A-Z\\]"']) {
          assert.match(told, new RegExp(rule));
        }
      }
      assert.equal(requests.length, 1);
    });

    it('are called in parallel, with the arguments in pieces', async (t) => {
      const { ask, request, fixture } = asker();
      const { argumentPieces } = fixture.losses;
      noteLoss(t, argumentPieces);
      const prompt =
        '[[call tool_1 {"at":"a longer place than sixteen letters"}]] [[call plan {"stops":[{"name":"Ä"}]}]]';
      const { events, completion, requests } = await ask(request(prompt, { tools: twelve }));
      assert.equal(completion.reason, 'tool-calls');
      assert.equal(requests.length, 1);
      const calls = callsOf(events);
      const expected = [
        ['tool_1', { at: 'a longer place than sixteen letters' }],
        ['plan', { stops: [{ name: 'Ä' }] }],
      ].slice(0, fixture.model.parallelToolCalls ? 2 : 1);
      // A model that is asked for one call at a time may make more.
      assert.deepEqual(
        calls.map((call) => [call.name, JSON.parse(call.arguments)]).slice(0, expected.length),
        expected,
      );
      assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
      assert.ok(calls.every(({ id }) => id !== ''));
      for (const [index, call] of calls.entries()) {
        assert.deepEqual(startsOf(events, index), [{ id: call.id, name: call.name }]);
        const pieces = events.flatMap((event) =>
          event.type === 'tool-call-delta' && event.index === index ? [event.arguments] : [],
        );
        assert.equal(pieces.join(''), call.arguments);
        assert.equal(pieces.length > 1, argumentPieces === undefined);
      }
    });

    it('are called without arguments too', async () => {
      const { ask, request } = asker();
      const { events } = await ask(request('[[call tool_0]]', { tools: twelve }));
      assert.deepEqual(
        callsOf(events).map(({ arguments: text }) => text),
        ['{}'],
      );
    });

    for (const way of ['live', 'by replay'] as const) {
      it(`take their results ${way}`, async () => {
        const { ask, request, fixture } = asker();
        const tools = [tool('look', { at: { type: 'string' } })];
        const places = fixture.model.parallelToolCalls ? ['Paris', 'Rome'] : ['Paris'];
        const prompt = places.map((at) => `[[call look {"at":"${at}"}]]`).join(' ');
        const first = request(prompt, { tools, system: 'Look.' });
        const { completion, events, session } = await ask(first);
        const calls = callsOf(events);
        const messages: Message[] = [
          ...first.messages,
          completion.message,
          ...calls.map((call, index) => result(call.id, `result ${index}`)),
        ];
        const second = await ask(
          request(messages, { tools, system: 'Look.' }),
          way === 'live' ? { session, known: 2 } : {},
        );
        assert.equal(second.completion.reason, 'stop');
        assert.match(second.text, /result 0/);
        assert.equal(second.requests.length, 1);
        const native = calls.map(({ id }) => id);
        assert.deepEqual(second.upstream.messages, [
          { role: 'user', content: [{ text: prompt }] },
          {
            role: 'assistant',
            content: calls.map((call, index) => ({
              call: native[index],
              name: 'look',
              arguments: JSON.parse(call.arguments),
            })),
          },
          {
            role: 'user',
            content: native.map((id, index) => ({
              result: id,
              content: [{ text: `result ${index}` }],
              isError: false,
            })),
          },
        ]);
        assert.equal(second.upstream.system, 'Look.');
        assert.equal(asker().requests.at(-1), second.requests[0]);
      });
    }

    it('keep names that the model API would not take', async () => {
      const { ask, request } = asker();
      const names = ['files.read all', 'übersetze', 'n'.repeat(90)];
      const tools = names.map((name) => tool(name));
      const { upstream } = await ask(request('[[text Ready]]', { tools }));
      const native = names.map(
        (_, index) => upstream.tools.find(({ description }) => description === `Does ${names[index]}`)?.name,
      );
      for (const name of native) assert.match(name ?? '', /^[A-Za-z0-9_-]{1,64}$/);
      const first = request(`[[call ${native[0]}]]`, { tools });
      const { events, completion } = await ask(first);
      const [call] = callsOf(events);
      assert.equal(call?.name, 'files.read all');
      const messages = [...first.messages, completion.message, result(call?.id ?? '', 'read')];
      const second = await ask(request(messages, { tools }));
      assert.deepEqual(second.upstream.messages[1]?.content, [{ call: call?.id, name: native[0], arguments: {} }]);
    });

    it('may have the names of the CLI’s own', async () => {
      const { ask, request } = asker();
      const tools = ['Bash', 'Read', 'WebSearch', 'shell', 'run_shell_command'].map((name) => tool(name));
      const { upstream, events } = await ask(request('[[call Bash {"command":"id"}]]', { tools }));
      assert.deepEqual(upstream.tools.map(({ name }) => name).sort(), tools.map(({ name }) => name).sort());
      assert.deepEqual(
        callsOf(events).map(({ name, arguments: text }) => [name, text]),
        [['Bash', '{"command":"id"}']],
      );
    });

    it('that the model made up stay between the model and the CLI', async () => {
      const { ask, request, fixture } = asker();
      let asked = 0;
      using _ = fixture.simulator.script(
        ({ body }) => JSON.stringify(body).includes('make one up'),
        () => {
          asked += 1;
          if (asked > 1) return [{ type: 'text', text: 'Then not.' }];
          return [{ type: 'call', name: 'made_up', arguments: { at: 1 } }];
        },
      );
      const { events, text, completion } = await ask(request('make one up', { tools: twelve }));
      assert.deepEqual(callsOf(events), []);
      assert.equal(text, 'Then not.');
      assert.equal(completion.reason, 'stop');
    });

    it('are chosen as the caller says', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.parameters.includes('toolChoice'))
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      const tools = [tool('one'), tool('odd name')];
      const native = (await ask(request('[[text Ready]]', { tools }))).upstream.tools.find(
        ({ name }) => name !== 'one',
      )?.name;
      const modes = [
        [{ mode: 'auto' }, undefined],
        [{ mode: 'none' }, { mode: 'none' }],
        [{ mode: 'required' }, { mode: 'required' }],
        [
          { mode: 'tool', name: 'odd name' },
          { mode: 'tool', name: native },
        ],
      ] as const;
      const { toolChoice: told } = fixture.losses;
      noteLoss(t, told);
      for (const [toolChoice, expected] of modes) {
        const { upstream } = await ask(request('[[text Ready]]', { tools, toolChoice }));
        const shown = upstream.tools.map(({ name }) => name);
        assert.equal(upstream.parallelToolCalls, fixture.model.parallelToolCalls);
        if (told === undefined) {
          assert.deepEqual(upstream.toolChoice, expected);
          assert.equal(shown.length, 2);
          continue;
        }
        assert.equal(upstream.toolChoice, undefined);
        const isForced = toolChoice.mode === 'required' || toolChoice.mode === 'tool';
        assert.equal(upstream.messages.at(-1)?.role, isForced ? 'system' : 'user');
        if (toolChoice.mode === 'none') assert.deepEqual(shown, []);
        else if (toolChoice.mode === 'tool') assert.deepEqual(shown, [native]);
        else assert.equal(shown.length, 2);
      }
    });

    it('are chosen afresh in each turn', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.parameters.includes('toolChoice'))
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      const tools = [tool('one')];
      const first = request('[[call one]]', { tools, toolChoice: { mode: 'required' }, parallelToolCalls: false });
      const { completion, upstream, events, session } = await ask(first);
      const isTold = fixture.losses.toolChoice === undefined;
      assert.deepEqual(upstream.toolChoice, isTold ? { mode: 'required' } : undefined);
      assert.equal(upstream.messages.at(-1)?.role, isTold ? 'user' : 'system');
      const { parameters, parallelToolCalls } = fixture.model;
      assert.equal(upstream.parallelToolCalls, parallelToolCalls && !parameters.includes('parallelToolCalls'));
      const messages = [...first.messages, completion.message, result(callsOf(events)[0]?.id ?? '', 'done')];
      const second = await ask(request(messages, { tools }), { session, known: 2 });
      assert.equal(second.upstream.toolChoice, undefined);
      assert.deepEqual(
        second.upstream.messages.filter(({ role }) => role === 'system'),
        [],
      );
      assert.equal(second.upstream.parallelToolCalls, parallelToolCalls);
    });

    it('of an earlier turn may be gone from the list', async () => {
      const { ask, request } = asker();
      const call: ToolCall = { kind: 'function', id: 'call_old', name: 'old.tool', arguments: '{}' };
      const { upstream, text } = await ask(
        request([
          user('Look.'),
          { role: 'assistant', content: [{ type: 'tool-call', call }] },
          result('call_old', 'seen'),
          user('[[text So]]'),
        ]),
      );
      assert.equal(text, 'So');
      const [part] = upstream.messages[1]?.content ?? [];
      assert.ok(part !== undefined && 'call' in part && part.call === 'call_old');
    });
  });
}

/** What a schema is about: names, order of choice, references and what is required; not every rule for a value. */
function shape(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shape);
  if (typeof schema !== 'object' || schema === null) return schema;
  const rules = new Set(['minimum', 'pattern', 'minItems', 'description']);
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !rules.has(key) && !(key === 'type' && 'enum' in schema) && !(key === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, shape(value)]));
}

function callsOf(events: readonly StreamEvent[]): ToolCall[] {
  return events.flatMap((event) => (event.type === 'tool-call-end' ? [event.call] : []));
}

function startsOf(events: readonly StreamEvent[], index: number): { id: string; name: string }[] {
  return events.flatMap((event) =>
    event.type === 'tool-call-start' && event.index === index ? [{ id: event.id, name: event.name }] : [],
  );
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../../src/core/message.ts';
import { type Asker, assistant, result, tool, user } from './asking.ts';
import { noteLoss } from './loss.ts';
import { pdf, png } from './samples.ts';
import type { UpstreamMessage } from './upstream.ts';

export function historyContract(asker: () => Asker): void {
  describe('history', () => {
    it('reaches the model as messages of their roles, with calls, results and images', async (t) => {
      const { ask, request, fixture } = asker();
      const { laterSystem, toolErrors, textHistory } = fixture.losses;
      for (const loss of [laterSystem, toolErrors, textHistory]) noteLoss(t, loss);
      const image = png(200);
      const messages: Message[] = [
        user('What is this?'),
        assistant('A square.'),
        { role: 'user', content: [picture(image), { type: 'text', text: 'And the weather in both places?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me look.' },
            { type: 'tool-call', call: { kind: 'function', id: 'call_1', name: 'look', arguments: '{"at":"Paris"}' } },
            { type: 'tool-call', call: { kind: 'function', id: 'call_2', name: 'look', arguments: '{}' } },
          ],
        },
        { ...result('call_1', 'sunny'), content: [{ type: 'text', text: 'sunny' }, picture(png(9))] } as Message,
        { ...result('call_2', 'no such place'), isError: true } as Message,
        assistant('Sunny.'),
        { role: 'system', content: [{ type: 'text', text: 'From now on be brief.' }] },
        user('[[text Yes]]'),
      ];
      const { upstream, requests, text } = await ask(
        request(messages, { system: 'You are a geographer.', tools: [tool('look', { at: { type: 'string' } })] }),
      );
      assert.equal(text, 'Yes');
      assert.equal(requests.length, 1);
      assert.equal(upstream.system, 'You are a geographer.');
      assert.deepEqual(upstream.messages, [
        { role: 'user', content: [{ text: 'What is this?' }] },
        { role: 'assistant', content: [{ text: 'A square.' }] },
        { role: 'user', content: [{ image, mediaType: 'image/png' }, { text: 'And the weather in both places?' }] },
        {
          role: 'assistant',
          content: [
            { text: 'Let me look.' },
            { call: 'call_1', name: 'look', arguments: { at: 'Paris' } },
            { call: 'call_2', name: 'look', arguments: {} },
          ],
        },
        {
          role: 'user',
          content: [
            {
              result: 'call_1',
              content: [{ text: 'sunny' }, { image: png(9), mediaType: 'image/png' }],
              isError: false,
            },
            toolErrors === undefined
              ? { result: 'call_2', content: [{ text: 'no such place' }], isError: true }
              : { result: 'call_2', content: [{ text: '<error>\nno such place\n</error>' }], isError: false },
          ],
        },
        { role: 'assistant', content: [{ text: 'Sunny.' }] },
        ...(laterSystem === undefined
          ? ([
              { role: 'system', content: [{ text: 'From now on be brief.' }] },
              { role: 'user', content: [{ text: '[[text Yes]]' }] },
            ] as const)
          : ([
              {
                role: 'user',
                content: [{ text: '<system>\nFrom now on be brief.\n</system>' }, { text: '[[text Yes]]' }],
              },
            ] as const)),
      ] as UpstreamMessage[]);
    });

    it('adds only the new message in a further turn of the same session', async () => {
      const { ask, request, fixture } = asker();
      const first = request('[[text One]]', { system: 'Count.' });
      const { completion, requests, session } = await ask(first);
      const messages = [...first.messages, completion.message, user('[[text Two]]')];
      const second = await ask(request(messages, { system: 'Count.' }), { session, known: 2 });
      assert.equal(second.text, 'Two');
      const before = fixture.readUpstream(requests[0] ?? assert.fail());
      assert.equal(second.upstream.system, before.system);
      assert.deepEqual(second.upstream.messages, [
        ...before.messages,
        { role: 'assistant', content: [{ text: 'One' }] },
        { role: 'user', content: [{ text: '[[text Two]]' }] },
      ]);
    });

    it('takes a conversation that begins or ends with an answer', async () => {
      const { ask, request } = asker();
      const { upstream } = await ask(request([assistant('Welcome.'), user('Tell a story.'), assistant('Once upon')]));
      // An API that takes no answer in the first place is shown an empty question before it.
      const roles = upstream.messages.map(({ role }) => role).join(' ');
      assert.match(roles, /^(user )?assistant user assistant user$/);
      const said = upstream.messages.flatMap(({ role, content }) => (role === 'assistant' ? [content] : []));
      assert.deepEqual(said, [[{ text: 'Welcome.' }], [{ text: 'Once upon' }]]);
    });

    it('joins messages of one role that follow each other', async (t) => {
      const { ask, request, fixture } = asker();
      const { answersApart } = fixture.losses;
      noteLoss(t, answersApart);
      const answers = answersApart === undefined ? ['Three.', 'Four.'] : ['Three.\n\nFour.'];
      const { upstream } = await ask(
        request([user('One.'), user('Two.'), assistant('Three.'), assistant('Four.'), user('[[text Five]]')]),
      );
      assert.deepEqual(upstream.messages, [
        { role: 'user', content: [{ text: 'One.' }, { text: 'Two.' }] },
        { role: 'assistant', content: answers.map((text) => ({ text })) },
        { role: 'user', content: [{ text: '[[text Five]]' }] },
      ]);
    });

    it('takes images and documents', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.inputs.images)
        return noteLoss(t, 'The model takes no images: a request with one is refused by name.');
      const parts = fixture.model.inputs.documents
        ? ([{ type: 'file', mediaType: 'application/pdf', data: pdf, name: 'page.pdf' }] as const)
        : [];
      const content = [picture(png(1)), ...parts, { type: 'text' as const, text: '[[text Seen]]' }];
      const { upstream } = await ask(request([{ role: 'user', content }]));
      assert.deepEqual(upstream.messages, [
        {
          role: 'user',
          content: [
            { image: png(1), mediaType: 'image/png' },
            ...parts.map(() => ({ document: pdf, mediaType: 'application/pdf' })),
            { text: '[[text Seen]]' },
          ],
        },
      ]);
    });

    for (const count of [150, 2_000]) {
      it(`carries ${count} messages`, async (t) => {
        const { ask, request } = asker();
        const earlier = Array.from({ length: count - 1 }, (_, index) =>
          index % 2 === 0 ? user(`question ${index}`) : assistant(`answer ${index}`),
        );
        if (earlier.length % 2 === 1) earlier.push(assistant('the last answer'));
        const start = performance.now();
        const { upstream, requests } = await ask(request([...earlier, user('[[text Read]]')], { system: 'Long.' }));
        t.diagnostic(`${Math.round(performance.now() - start)} ms for ${count} messages`);
        assert.equal(requests.length, 1);
        assert.equal(upstream.system, 'Long.');
        assert.deepEqual(upstream.messages, [
          ...earlier.map(({ role, content }) => ({
            role,
            content: content.map((part) => ({ text: 'text' in part ? part.text : '' })),
          })),
          { role: 'user', content: [{ text: '[[text Read]]' }] },
        ]);
      });
    }
  });
}

function picture(data: string) {
  return { type: 'image' as const, source: { kind: 'base64' as const, mediaType: 'image/png', data } };
}

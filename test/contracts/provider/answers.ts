import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../../src/core/event.ts';
import { type Asker, textOf, user } from './asking.ts';
import { noteLoss } from './loss.ts';

export function answersContract(asker: () => Asker): void {
  describe('answers', () => {
    it('streams the text while the model still speaks', async () => {
      const { open, request } = asker();
      const session = await open();
      const signal = AbortSignal.timeout(60_000);
      const events: StreamEvent[] = [];
      let openAtFirstText: boolean | undefined;
      for await (const event of session.turn(request('[[slow 50]] [[repeat 20 word]]'), { known: 0 }, signal)) {
        events.push(event);
        if (event.type === 'text-delta' && openAtFirstText === undefined) {
          const { closed } = asker().requests.at(-1) ?? {};
          openAtFirstText = (await Promise.race([closed, Promise.resolve('open')])) === 'open';
        }
      }
      assert.equal(openAtFirstText, true);
      assert.equal(textOf(events), Array(20).fill('word').join(' '));
      assert.ok(events.filter(({ type }) => type === 'text-delta').length >= 10, 'in many pieces');
      assert.equal(events[0]?.type, 'start');
      assert.deepEqual(
        events.flatMap(({ type }, index) => (type === 'start' || type === 'finish' ? [[type, index]] : [])),
        [
          ['start', 0],
          ['finish', events.length - 1],
        ],
      );
    });

    it('puts text together from pieces of any size', async () => {
      const text = 'naïve 日本語 🙂 "quoted" \\ end';
      const { ask, request } = asker();
      const { text: said } = await ask(request(`[[fragment 1]] [[text ${text}]]`));
      assert.equal(said, text);
    });

    it('names the model that answers', async () => {
      const { fixture, ask, request } = asker();
      const { completion, upstream } = await ask(request('[[text Hello]]'));
      assert.equal(completion.model, fixture.model.id);
      assert.equal(upstream.model.endsWith(fixture.model.id.replace(/^demo-/, '')), true);
    });

    it('tells reasoning apart from text, with what proves it', async (t) => {
      const { fixture, ask, request } = asker();
      const { reasoningProof } = fixture.losses;
      noteLoss(t, reasoningProof);
      const [effort] = fixture.model.efforts.filter((level) => level !== 'none');
      const { events, text } = await ask(request('[[think Let me see]] [[text Done]]', { effort }));
      const thought = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
      assert.equal(thought, 'Let me see');
      assert.equal(text, 'Done');
      const end = events.find((event) => event.type === 'reasoning-end');
      assert.equal((end?.signature ?? end?.encrypted) === undefined, reasoningProof !== undefined);
      assert.ok(events.findIndex(({ type }) => type === 'text-delta') > events.indexOf(end as StreamEvent));
    });

    it('reports the tokens that the model API counted, and each turn on its own', async () => {
      const { fixture, ask, request } = asker();
      const counts = { input: 1234, output: 56, cacheRead: 1000, cacheWrite: 200 };
      using _ = fixture.simulator.script('counted', [
        { type: 'text', text: 'Counted' },
        { type: 'usage', ...counts },
      ]);
      const first = request('counted once');
      const { completion, session } = await ask(first);
      const { costUsd, ...usage } = completion.usage;
      assert.deepEqual(usage, fixture.usageOf(counts));
      const messages = [...first.messages, completion.message, user('counted twice')];
      const second = await ask(request(messages), { session, known: 2 });
      const { costUsd: secondCost, ...secondUsage } = second.completion.usage;
      assert.deepEqual(secondUsage, fixture.usageOf(counts));
      if (costUsd === undefined || fixture.losses.ownRequests !== undefined) return;
      assert.ok(costUsd > 0);
      assert.ok(secondCost !== undefined && Math.abs(secondCost - costUsd) < costUsd / 100, 'the turn’s own cost');
    });

    it('ends with stop, also where there is nothing to say', async () => {
      const { fixture, ask, request } = asker();
      assert.equal((await ask(request('[[text Hello]]'))).completion.reason, 'stop');
      using _ = fixture.simulator.script('say nothing', [{ type: 'finish', reason: 'end_turn' }]);
      const { completion, text } = await ask(request('say nothing'));
      assert.equal(completion.reason, 'stop');
      assert.equal(text, '');
    });

    it('ends at the output limit with length, and asks for no more than that', async (t) => {
      const { fixture, ask, request } = asker();
      const { cutUsage, lengthReason } = fixture.losses;
      for (const loss of [cutUsage, lengthReason]) noteLoss(t, loss);
      const asked: number[] = [];
      // A CLI that goes on by itself is stopped, but may have been quicker now and then.
      for (let round = 0; round < 3 && !asked.includes(1); round += 1) {
        const before = asker().requests.length;
        const { completion, text, session } = await ask(
          request('[[text As far as it goes]] [[length]]', { maxOutputTokens: 100 }),
        );
        if (lengthReason !== undefined) {
          assert.equal(completion.reason, 'stop');
          assert.ok(text.startsWith('As far as it goes'), text);
          return;
        }
        assert.equal(completion.reason, 'length');
        assert.equal(text, 'As far as it goes');
        if (cutUsage === undefined) assert.ok(completion.usage.outputTokens > 0);
        else assert.deepEqual(completion.usage, { inputTokens: 0, outputTokens: 0 });
        if (!session.usable) await session.exited;
        asked.push(asker().requests.length - before);
      }
      assert.ok(asked.includes(1), `requests: ${asked}`);
    });

    it('ends a refusal with content-filter, after exactly one request', async (t) => {
      const { ask, request, fixture } = asker();
      const { secondTry, refusalWords } = fixture.losses;
      for (const loss of [secondTry, refusalWords]) noteLoss(t, loss);
      const { completion, requests, text } = await ask(request('[[text No.]] [[refuse]]'));
      assert.equal(completion.reason, 'content-filter');
      if (refusalWords === undefined) assert.equal(text, 'No.');
      else assert.ok(text.startsWith('No.'), text);
      assert.ok(requests.length === 1 || (secondTry !== undefined && requests.length === 2), `${requests.length}`);
    });

    it('ends at a stop sequence and names it', async (t) => {
      const { fixture, ask, request } = asker();
      const { upstreamStops, stopSequence } = fixture.losses;
      for (const loss of [upstreamStops, stopSequence]) noteLoss(t, loss);
      if (!fixture.model.parameters.includes('stop')) {
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      }
      const { completion, text, upstream } = await ask(request('[[text one END two]]', { stop: ['END', 'HALT'] }));
      assert.deepEqual(upstream.stop, upstreamStops === undefined ? ['END', 'HALT'] : undefined);
      assert.equal(text.trim(), 'one');
      assert.equal(completion.reason, 'stop');
      assert.equal(completion.stopSequence, stopSequence === undefined ? 'END' : undefined);
    });
  });
}

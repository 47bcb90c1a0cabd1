import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Asker } from './asking.ts';
import { noteLoss } from './loss.ts';

export function settingsContract(asker: () => Asker): void {
  describe('settings', () => {
    it('reach the model: effort', async (t) => {
      const { ask, request, fixture } = asker();
      const levels = fixture.model.efforts.filter((level) => level !== 'none');
      if (levels.length === 0) return noteLoss(t, 'The model has no such setting: it is named in x-ignored-params.');
      for (const effort of [levels[0], levels.at(-1)]) {
        const { upstream } = await ask(request('[[text Ready]]', { effort }));
        assert.equal(upstream.effort, effort);
        assert.equal(upstream.reasoning, true);
      }
      if (!fixture.model.efforts.includes('none')) return;
      assert.equal((await ask(request('[[text Ready]]', { effort: 'none' }))).upstream.reasoning, false);
    });

    it('reach the model: the output limit', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.parameters.includes('maxOutputTokens'))
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      assert.equal((await ask(request('[[text Ready]]', { maxOutputTokens: 321 }))).upstream.maxOutputTokens, 321);
    });

    it('reach the model: verbosity', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.parameters.includes('verbosity'))
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      for (const verbosity of ['low', 'high'] as const) {
        assert.equal((await ask(request('[[text Ready]]', { verbosity }))).upstream.verbosity, verbosity);
      }
    });

    it('reach the model: temperature and top_p', async (t) => {
      const { ask, request, fixture } = asker();
      if (fixture.sampledModel === undefined)
        return noteLoss(t, 'The CLI has no way to tell the model: they are named in x-ignored-params.');
      const model = fixture.sampledModel.id;
      const { upstream } = await ask(request('[[text Ready]]', { model, temperature: 0.25, topP: 0.5 }));
      assert.equal(upstream.temperature, 0.25);
      assert.equal(upstream.topP, 0.5);
    });

    it('hold for their own turn only', async () => {
      const { ask, request, fixture } = asker();
      const model = (fixture.sampledModel ?? fixture.model).id;
      const plain = request('[[text One]]', { model });
      const { completion, session, upstream: before } = await ask(plain);
      const grown = (text: string) => [
        ...plain.messages,
        completion.message,
        { role: 'user' as const, content: [{ type: 'text' as const, text }] },
      ];
      const { parameters, efforts } = fixture.model;
      const given = {
        ...(parameters.includes('maxOutputTokens') && { maxOutputTokens: 222 }),
        ...(parameters.includes('stop') && fixture.losses.upstreamStops === undefined && { stop: ['HALT'] }),
        ...(fixture.sampledModel ? { temperature: 0.5 } : { effort: efforts.at(-1) }),
      };
      const second = await ask(request(grown('[[text Two]]'), { model, ...given }), { session, known: 2 });
      for (const [name, value] of Object.entries(given)) {
        assert.deepEqual(second.upstream[name as keyof typeof given], value);
      }
      const messages = [...grown('[[text Two]]'), second.completion.message, ...grown('[[text Three]]').slice(-1)];
      const { upstream } = await ask(request(messages, { model }), { session, known: 4 });
      const settings = ({ maxOutputTokens, stop, temperature, effort, reasoning }: typeof upstream) => ({
        maxOutputTokens,
        stop,
        temperature,
        effort,
        reasoning,
      });
      assert.deepEqual(settings(upstream), settings(before));
    });

    it('reach the model: the answer’s schema', async (t) => {
      const { ask, request, fixture } = asker();
      if (!fixture.model.parameters.includes('outputFormat'))
        return noteLoss(t, 'The CLI has no way to tell the model: it is named in x-ignored-params.');
      const schema = {
        type: 'object',
        properties: { city: { type: 'string' }, people: { type: 'integer' } },
        required: ['city', 'people'],
        additionalProperties: false,
      };
      const { upstream, text, completion } = await ask(
        request('Name a city.', { outputFormat: { kind: 'json-schema', name: 'city', schema, strict: true } }),
      );
      assert.deepEqual(upstream.outputSchema, schema);
      assert.deepEqual(Object.keys(JSON.parse(text)), ['city', 'people']);
      assert.equal(completion.reason, 'stop');
      assert.deepEqual(upstream.tools, []);
    });
  });
}

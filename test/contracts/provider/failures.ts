import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorKind } from '../../../src/core/error.ts';
import { Asker, textOf } from './asking.ts';
import type { ProviderSetup } from './fixture.ts';
import { noteLoss } from './loss.ts';

/** What the model API does, and the failure that the caller should get for it. */
const failures: Record<string, [prompt: string, kind: ErrorKind]> = {
  'a request that the API refuses': ['[[status 400]]', 'invalid-request'],
  'a login that is not valid': ['[[status 401]]', 'provider-signed-out'],
  'something that is not allowed': ['[[status 403]]', 'forbidden'],
  'a model that the API does not know': ['[[status 404]]', 'model-not-found'],
  'a request that is too large': ['[[status 413]]', 'payload-too-large'],
  'a failing API': ['[[status 500]]', 'upstream-unavailable'],
  'an overloaded API': ['[[status 529]]', 'overloaded'],
  'a connection that breaks before any text': ['[[cut]]', 'upstream-unavailable'],
  'a connection that breaks in the text': ['[[text Half of it]] [[wait 300]] [[cut]]', 'upstream-unavailable'],
  'an error in the text': ['[[text Half of it]] [[error api_error]]', 'upstream-unavailable'],
};

export function failuresContract(asker: () => Asker, setup: ProviderSetup): void {
  describe('failures', () => {
    for (const [title, [prompt, kind]] of Object.entries(failures)) {
      it(`tells ${title}`, async (t) => {
        const { fail, request, fixture } = asker();
        const told = fixture.failureKinds?.[title] ?? kind;
        if (told !== kind) noteLoss(t, fixture.losses.failureKinds);
        if (told === 'silence')
          return noteLoss(t, 'It tries again in silence: the caller is told nothing before its own time is up.');
        const { error, events } = await fail(request(prompt));
        assert.equal(error.kind, told, `${error.message} (${error.cause})`);
        assert.match(error.message, /^[A-Z].* .*\S$/s, 'a sentence');
        assert.doesNotMatch(error.message, /API Error|\/(tmp|home|root|work)\b|sk-ant|at .*:\d+:\d+|<!DOCTYPE/);
        const { failureWords } = fixture.losses;
        if (failureWords !== undefined) noteLoss(t, failureWords);
        else assert.equal(textOf(events), prompt.startsWith('[[text') ? 'Half of it' : '');
        assert.equal(
          events.some(({ type }) => type === 'finish'),
          false,
        );
      });
    }

    it('tells a rate limit at once, with the time to wait', async (t) => {
      const { fail, request, fixture } = asker();
      const { retryAfter, rateLimitWait } = fixture.losses;
      if (fixture.failureKinds?.['a rate limit'] === 'silence')
        return noteLoss(t, 'It tries again in silence: the caller is told nothing before its own time is up.');
      noteLoss(t, rateLimitWait);
      const seconds = rateLimitWait === undefined ? 40 : 1;
      const { error, elapsedMs } = await fail(request(`[[status 429 {"retry-after":"${seconds}"}]]`));
      assert.equal(error.kind, 'rate-limited');
      if (retryAfter !== undefined) {
        noteLoss(t, retryAfter);
        assert.equal(error.retryAfterSeconds, undefined);
      } else {
        assert.ok(
          (error.retryAfterSeconds ?? 0) >= 20 && (error.retryAfterSeconds ?? 0) <= 60,
          `${error.retryAfterSeconds}`,
        );
      }
      assert.ok(elapsedMs < 10_000, `${elapsedMs} ms`);
    });

    it('tells a spent subscription from a rate limit, with the time of its reset', async (t) => {
      if (asker().fixture.exhausted === undefined)
        return noteLoss(
          t,
          'Its model API tells a used-up plan in no way of its own: it is a rate limit like any other.',
        );
      await using subscribed = new Asker(await setup({ subscription: true }));
      const { fail, request, fixture } = subscribed;
      const resetsAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000);
      const answer = fixture.exhausted?.(resetsAt);
      using _ = fixture.simulator.script('spent', [{ type: 'status', status: 429, ...answer }]);
      const { error, elapsedMs } = await fail(request('spent'));
      assert.equal(error.kind, 'quota-exhausted', `${error.message} (${error.cause})`);
      assert.ok(Math.abs((error.retryAfterSeconds ?? 0) - 3_600) < 120, `${error.retryAfterSeconds}`);
      assert.ok(elapsedMs < 10_000, `${elapsedMs} ms`);
      const quota = fixture.provider.quota(fixture.provider.accounts[0] ?? '').find(({ exhausted }) => exhausted);
      assert.deepEqual(quota?.resetsAt, resetsAt);
    });

    it('answers the next request after each of them', async () => {
      const { ask, fail, request } = asker();
      const { session } = await fail(request('[[status 400]]'));
      assert.equal(session.usable, false);
      await session.exited;
      assert.equal((await ask(request('[[text Still here]]'))).text, 'Still here');
    });

    it('tells an API that cannot be reached', async (t) => {
      const silent = asker().fixture.failureKinds?.['an API that cannot be reached'] === 'silence';
      if (silent)
        return noteLoss(t, 'It tries again in silence: the caller is told nothing before its own time is up.');
      await using away = new Asker(await setup({ apiUrl: 'http://127.0.0.1:9' }));
      const { error } = await away.fail(away.request('Anybody there?'));
      assert.equal(error.kind, 'upstream-unavailable', `${error.message} (${error.cause})`);
    });
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/error.ts';
import type { Match } from '../../../src/simulator/recorder.ts';
import { eventually } from '../../support/eventually.ts';
import { isAlive } from '../../support/processes.ts';
import { type Asker, user } from './asking.ts';

export function endingsContract(asker: () => Asker): void {
  describe('endings', () => {
    for (const [moment, prompt] of [
      ['before the first word', 'stopped early [[hang]]'],
      ['in the middle of the text', 'stopped late [[slow 20]] [[repeat 2000 word]]'],
    ] as const) {
      it(`cuts the model API off when aborted ${moment}`, async (t) => {
        const { openAlone, request, fixture } = asker();
        const { session, pid } = await openAlone();
        const stop = new AbortController();
        const reason = new GatewayError('cancelled', 'The caller hung up.');
        const reading = assert.rejects(async () => {
          for await (const event of session.turn(request(prompt), { known: 0 }, stop.signal)) {
            if (event.type === 'text-delta') stop.abort(reason);
          }
        }, reason);
        const { closed } = await fixture.simulator.waitForRequest(prompt.slice(0, 12), 20_000);
        if (prompt.includes('hang')) stop.abort(reason);
        const start = performance.now();
        const { at, completed } = await closed;
        t.diagnostic(`upstream closed ${Math.round(at - start)} ms after the abort`);
        assert.equal(completed, false);
        assert.ok(at - start < 2_000, `${at - start} ms`);
        await reading;
        assert.equal(session.usable, false);
        await session.exited;
        if (fixture.processModel === 'shared') {
          assert.equal(isAlive(pid), true);
          return;
        }
        await eventually('the process is gone', () => !isAlive(pid));
        assert.deepEqual(fixture.sessionFiles(), []);
      });
    }

    it('stops when its reader stops', async () => {
      const { open, request, fixture } = asker();
      const session = await open();
      for await (const { type } of session.turn(
        request('read a little [[slow 20]] [[repeat 2000 word]]'),
        { known: 0 },
        AbortSignal.timeout(30_000),
      )) {
        if (type === 'text-delta') break;
      }
      const { closed } = await fixture.simulator.waitForRequest('read a little', 20_000);
      assert.equal((await closed).completed, false);
      assert.equal(session.usable, false);
      await session.exited;
    });

    it('does not begin what is aborted already', async () => {
      const { open, request } = asker();
      const session = await open();
      const before = asker().requests.length;
      const turn = session.turn(
        request('too late'),
        { known: 0 },
        AbortSignal.abort(new GatewayError('cancelled', 'Too late.')),
      );
      await assert.rejects(turn.next(), { kind: 'cancelled' });
      assert.equal(asker().requests.length, before);
      await session[Symbol.asyncDispose]();
    });

    it('tells of a child that is killed in the middle of its answer, and has another for the next', async () => {
      const { openAlone, ask, request, fixture } = asker();
      const { session, pid } = await openAlone();
      assert.notDeepEqual(fixture.sessionFiles(), []);
      const reading = async () => {
        const prompt = '[[slow 20]] [[repeat 2000 word]]';
        for await (const event of session.turn(request(prompt), { known: 0 }, AbortSignal.timeout(30_000))) {
          if (event.type === 'text-delta') process.kill(pid, 'SIGKILL');
        }
      };
      await assert.rejects(reading, (error) => error instanceof GatewayError && error.kind === 'provider-failed');
      assert.equal(session.usable, false);
      await session.exited;
      assert.deepEqual(fixture.sessionFiles(), []);
      assert.equal((await ask(request('[[text Here again]]'))).text, 'Here again');
    });

    it('starts no process for a request, nor for the next turn', async () => {
      const { openAlone, ask, request, fixture } = asker();
      const { session, pid } = await openAlone();
      const during: number[][] = [];
      const { isPreparation = () => false } = fixture;
      const isAsking: Match = (asked) => !isPreparation(asked) && asked.prompt.text.includes('which processes');
      using _ = fixture.simulator.script(isAsking, () => {
        during.push(pids(asker()));
        return [{ type: 'text', text: 'These.' }];
      });
      const first = request('which processes');
      const { completion } = await ask(first, { session });
      await ask(request([...first.messages, completion.message, user('which processes now')]), { session, known: 2 });
      assert.deepEqual(during, [[pid], [pid]]);
    });

    it('leaves when it is told to', async () => {
      const { openAlone, fixture } = asker();
      const { session, pid } = await openAlone();
      await session[Symbol.asyncDispose]();
      await session.exited;
      assert.equal(session.usable, false);
      if (fixture.processModel === 'shared') {
        assert.equal(isAlive(pid), true);
        return;
      }
      assert.deepEqual(fixture.processes(), []);
      assert.deepEqual(fixture.sessionFiles(), []);
    });
  });
}

function pids({ fixture }: Asker): number[] {
  return fixture.processes().map(({ pid }) => pid);
}

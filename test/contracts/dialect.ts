import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldCompletion } from '../../src/core/completion.ts';
import { errorKinds, GatewayError } from '../../src/core/error.ts';
import type { StreamEvent } from '../../src/core/event.ts';
import type { AnswerContext, Dialect } from '../../src/dialects/dialect.ts';
import type { Frame } from '../../src/stream/sse.ts';
import { decodeContext } from '../support/decode-context.ts';
import { hostileValues, variations } from './hostile-values.ts';
import { model, type Scenario, type ScenarioName, type SeenChoice, scenarios, usage } from './scenarios.ts';

/** What a caller has in hand at the end; `usage` is input and output tokens. */
export interface Seen {
  choices: SeenChoice[];
  usage: [input: number, output: number];
}

/** What the suite has to know of a dialect. */
export interface DialectFixtures<Options> {
  dialect: Dialect<Options>;
  /** Options under which a stream tells its usage. */
  options: Options;
  /** A word or two for a frame: the unit of `sequences`. */
  label(frame: Frame): string;
  /** The frames of each scenario, in order. */
  sequences: Record<ScenarioName, string[]>;
  /** The frames of two answers in one, where the dialect has that: first the one, then the other. */
  twoChoices?: string[];
  /** What is left of an answer in a dialect with fewer words; all of it where left out. */
  keeps?(seen: SeenChoice): SeenChoice;
  /** What a client puts together from the frames. */
  assemble(frames: Frame[]): Promise<Seen>;
  /** What a client reads off a whole answer. */
  read(whole: unknown): Seen;
  /** The message in the body of a failure. */
  errorMessage(body: unknown): unknown;
  /** Valid bodies that between them use everything the dialect knows. */
  bodies: unknown[];
  /** A body that the decoder must refuse, and the field that it must name. */
  malformed: Record<string, { body: unknown; param: string | undefined; kind?: GatewayError['kind'] }>;
  withText(text: string): unknown;
  /** Left out where the dialect has no conversations, or no tools. */
  withMessages?(count: number): unknown;
  withTools?(count: number): unknown;
}

/** What every dialect promises; each dialect's test calls it with its own fixtures. */
export function dialectContract<Options>(name: string, fixtures: DialectFixtures<Options>): void {
  const { dialect, options, label, assemble, keeps = (seen) => seen } = fixtures;
  const decode = (body: unknown) => dialect.decode(body, decodeContext);
  const context: AnswerContext<Options> = { id: 'abc', createdAt: new Date(1_700_000_000_900), model, options };
  const framesOf = (...choices: StreamEvent[][]): Promise<Frame[]> =>
    collect(dialect.frames(choices.map(streamOf), context));

  describe(`${name}: answers`, { timeout: 10_000 }, () => {
    for (const [title, { events, seen }] of Object.entries<Scenario>(scenarios)) {
      it(`tells ${title} in the order that clients expect`, async () => {
        assert.deepEqual((await framesOf(events)).map(label), fixtures.sequences[title as ScenarioName]);
      });

      it(`tells ${title} alike in a stream and whole`, async () => {
        const expected = { choices: [keeps(seen)], usage: [usage.inputTokens, usage.outputTokens] };
        assert.deepEqual(await assemble(await framesOf(events)), expected);
        const whole = dialect.whole([await foldCompletion(streamOf(events))], context);
        assert.deepEqual(fixtures.read(JSON.parse(JSON.stringify(whole))), expected);
      });
    }

    const severalChoices =
      fixtures.twoChoices === undefined ? [] : ['interleaves two answers and counts their prompt once'];
    for (const title of severalChoices)
      it(title, async () => {
        const both = [scenarios.text, scenarios['two parallel calls']];
        const frames = await framesOf(...both.map(({ events }) => events));
        assert.deepEqual(frames.map(label).sort(), fixtures.twoChoices?.toSorted());
        const choices = both.map(({ seen }) => keeps(seen));
        const expected = { choices, usage: [usage.inputTokens, 2 * usage.outputTokens] };
        assert.deepEqual(await assemble(frames), expected);
        const completions = await Promise.all(both.map(({ events }) => foldCompletion(streamOf(events))));
        assert.deepEqual(fixtures.read(dialect.whole(completions, context)), expected);
      });

    it('passes text on as it comes, without waiting for more', async () => {
      const gate = Promise.withResolvers<void>();
      async function* slow(): AsyncGenerator<StreamEvent> {
        yield { type: 'start', model };
        yield { type: 'text-delta', text: 'now' };
        await gate.promise;
        yield { type: 'finish', reason: 'stop', usage };
      }
      const frames = dialect.frames([slow()], context);
      let sent = '';
      while (!sent.includes('now')) sent += JSON.stringify((await frames.next()).value);
      gate.resolve();
      await frames.return(undefined);
    });

    it('sends its head before any event has come, and closes its sources when it is closed', async () => {
      let closed = false;
      async function* endless(): AsyncGenerator<StreamEvent> {
        try {
          for (;;) yield { type: 'text-delta', text: 'on and on' };
        } finally {
          closed = true;
        }
      }
      async function* silent(): AsyncGenerator<StreamEvent> {
        await new Promise(() => {});
        yield { type: 'start', model };
      }
      const head = dialect.frames([silent()], context);
      assert.equal((await head.next()).done, false);
      await head.return(undefined);
      const frames = dialect.frames([endless()], context);
      for (let count = 0; count < 10; count += 1) await frames.next();
      await frames.return(undefined);
      await new Promise(setImmediate);
      assert.equal(closed, true);
    });

    it('passes a failure in mid-stream on, and has a last frame for it', async () => {
      const failure = new GatewayError('overloaded', 'Too much at once.', { cause: new Error('secret') });
      async function* failing(): AsyncGenerator<StreamEvent> {
        yield* scenarios.text.events.slice(0, 2);
        throw failure;
      }
      const frames: Frame[] = [];
      await assert.rejects(async () => {
        for await (const frame of dialect.frames([failing()], context)) frames.push(frame);
      }, failure);
      const complete = fixtures.sequences.text;
      assert.deepEqual(frames.map(label), complete.slice(0, frames.length));
      assert.ok(frames.length < complete.length);
      await assert.rejects(assemble([...frames, dialect.errorFrame(failure)]), /Too much at once\./);
    });

    it('does not pass a cut answer off as a whole one', async () => {
      await assert.rejects(framesOf(scenarios.text.events.slice(0, -1)), { kind: 'provider-failed' });
    });

    it('has a body for every kind of failure, without its cause', () => {
      for (const kind of errorKinds) {
        const error = new GatewayError(kind, 'What went wrong.', { cause: new Error('secret') });
        const body = JSON.stringify(dialect.error(error));
        assert.equal(fixtures.errorMessage(JSON.parse(body)), 'What went wrong.');
        assert.doesNotMatch(body, /secret|\/dialects\//);
      }
    });
  });

  describe(`${name}: requests`, { timeout: 60_000 }, () => {
    it('decodes valid bodies and leaves them as they were', () => {
      for (const body of fixtures.bodies) {
        const before = structuredClone(body);
        const operation = decode(body);
        assert.ok(operation.request.messages.length > 0);
        assert.deepEqual(body, before);
      }
    });

    for (const [title, { body, param, kind }] of Object.entries(fixtures.malformed)) {
      it(`refuses ${title} and names ${param ?? 'the body'}`, () => {
        const error = failureOf(() => decode(body));
        assert.equal(error?.param, param);
        assert.equal(error?.kind, kind ?? 'invalid-request');
        if (param !== undefined) assert.ok(error?.message.includes(param), error?.message);
      });
    }

    it('fails with a GatewayError or not at all, whatever stands where', () => {
      const values = hostileValues();
      for (const body of fixtures.bodies) {
        for (const changed of variations(body, values)) failureOf(() => decode(changed));
      }
      for (const changed of [undefined, Number.NaN, () => 1]) assert.ok(failureOf(() => decode(changed)));
      assert.equal(Reflect.get({}, 'polluted'), undefined);
    });

    it('keeps text as it is: NUL, lone surrogates, markup', () => {
      for (const text of ['a\0b', 'a\ud800b', '</system> {{x}}', '\u2028']) {
        const { messages } = decode(fixtures.withText(text)).request;
        assert.deepEqual(messages.at(-1)?.content, [{ type: 'text', text }]);
      }
    });

    const { withTools, withMessages } = fixtures;
    for (const title of withTools ? ['decodes 10,000 tools'] : [])
      it(title, () => {
        assert.equal(decode(withTools?.(10_000)).request.tools.length, 10_000);
      });

    for (const title of withMessages ? ['decodes 2,000 messages quickly'] : [])
      it(title, () => {
        const body = withMessages?.(2_000);
        const started = performance.now();
        const { messages } = decode(body).request;
        // A few milliseconds on an idle machine.
        assert.ok(performance.now() - started < 500);
        assert.equal(messages.length, 2_000);
      });
  });
}

async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events;
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

/** The failure of a decoder; anything but a `GatewayError` that is the caller's fault fails the test. */
function failureOf(decode: () => unknown): GatewayError | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof GatewayError, error instanceof Error ? error.stack : String(error));
    assert.ok(['invalid-request', 'invalid-image', 'unsupported-parameter'].includes(error.kind), error.kind);
    assert.ok(error.message.length > 0 && error.message.length < 1_000);
    return error;
  }
}

import { chat } from './chat.ts';
import { askModelApi } from './model-api.ts';
import { type OneShot, type OneShotPlace, runOneShot } from './one-shot.ts';
import { untilQuiet } from './quiet.ts';
import type { Samples } from './samples.ts';
import { prompt, type Row, type Send, scenariosOf } from './scenarios.ts';
import type { ServerProcess } from './server.ts';
import type { SimulatorProcess } from './simulator.ts';
import type { StandInTimes } from './stand-in-claude.ts';
import type { Subject } from './subject.ts';

/** The names under which samples are kept, each in milliseconds. */
export const sampleName = {
  first: ({ id }: Row) => `${id} first`,
  /** From the request to its arrival at the model API. */
  there: ({ id }: Row) => `${id} there`,
  /** From the arrival at the model API to the first piece of the answer. */
  back: ({ id }: Row) => `${id} back`,
  /** Our server's own time on the way to the CLI, and on the way back. */
  ownThere: ({ id }: Row) => `${id} own there`,
  ownBack: ({ id }: Row) => `${id} own back`,
  oneShot: (id: string) => `one-shot ${id}`,
  modelApi: 'model API',
};

export interface Roads {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly simulator: SimulatorProcess;
  readonly oneShots: readonly { readonly shot: OneShot; readonly place: OneShotPlace }[];
}

/** Everything that one round measures, each step on its own: the caller decides on their order. */
export function steps(roads: Roads, samples: Samples): ((mark: string) => Promise<void>)[] {
  const { subject, server, simulator, oneShots } = roads;
  const { request: wanted } = subject;
  const send: Send = async (request, { row, fresh }) => {
    const title = `${subject.title}, ${row?.title ?? 'tool call'}`;
    await server.ready({ fresh });
    await untilQuiet();
    const late = await simulator.arrivals(wanted);
    if (late.length > 0) throw new Error(`${title}: the model API was asked ${late.length} times before.`);
    const answer = await chat(server.url, request);
    const arrivals = await simulator.arrivals(wanted);
    const [arrival] = arrivals;
    if (!arrival || arrivals.length > 1 || arrival.method !== wanted.method) {
      const methods = arrivals.map(({ method }) => method).join(', ');
      throw new Error(`${title}: the model API was asked ${arrivals.length} times (${methods}).`);
    }
    if (!row) return answer;
    samples.add(sampleName.first(row), answer.firstAt - answer.sentAt);
    samples.add(sampleName.there(row), arrival.receivedAt - answer.sentAt);
    samples.add(sampleName.back(row), answer.firstAt - arrival.receivedAt);
    return answer;
  };
  /** Requests on other roads are not ours to count. */
  const aside = async (name: string, measure: () => Promise<number>) => {
    await server.ready({ fresh: false });
    await untilQuiet();
    samples.add(name, await measure());
    await simulator.arrivals(wanted);
  };
  return [
    ...scenariosOf(subject).map((scenario) => (mark: string) => scenario.run(send, mark)),
    ...oneShots.map(({ shot, place }) => () => {
      return aside(sampleName.oneShot(shot.id), () => runOneShot(shot, place, prompt));
    }),
    () => aside(sampleName.modelApi, () => askModelApi(simulator.url, subject.direct(prompt))),
  ];
}

/** The same conversations with a server whose CLI answers at once: what is left is our own time. */
export function ownSteps(
  subject: Subject,
  server: ServerProcess,
  samples: Samples,
): ((mark: string) => Promise<void>)[] {
  const send: Send = async (request, { row, fresh }) => {
    await server.ready({ fresh });
    await untilQuiet();
    const { sentAt, firstAt, message } = await chat(server.url, request);
    if (row) {
      const { receivedAt, answeredAt } = JSON.parse(message.content ?? '') as StandInTimes;
      samples.add(sampleName.ownThere(row), receivedAt - sentAt);
      samples.add(sampleName.ownBack(row), firstAt - answeredAt);
    }
    return { sentAt, firstAt, message };
  };
  return scenariosOf(subject).map((scenario) => (mark) => scenario.run(send, mark));
}

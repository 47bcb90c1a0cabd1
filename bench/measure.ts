import { type ChatRequest, chat } from './chat.ts';
import { askModelApi } from './model-api.ts';
import { oneShots, runOneShot } from './one-shot.ts';
import { untilQuiet } from './quiet.ts';
import type { Samples } from './samples.ts';
import { model, prompt, type Row, type Send, scenarios } from './scenarios.ts';
import type { ServerProcess } from './server.ts';
import type { SimulatorProcess } from './simulator.ts';
import type { StandInTimes } from './stand-in-claude.ts';

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
  readonly server: ServerProcess;
  readonly simulator: SimulatorProcess;
  readonly oneShot: { readonly cli: string; readonly directory: string; readonly environment: Record<string, string> };
}

/** Everything that one round measures, each step on its own: the caller decides on their order. */
export function steps(roads: Roads, samples: Samples): ((mark: string) => Promise<void>)[] {
  const { server, simulator, oneShot } = roads;
  const send: Send = async (request, { row, fresh }) => {
    await server.ready({ fresh });
    await untilQuiet();
    await simulator.arrivals();
    const answer = await chat(server.url, request);
    if (!row) return answer;
    const arrivals = await simulator.arrivals();
    const [arrival] = arrivals;
    if (!arrival || arrivals.length > 1) {
      throw new Error(`${row.title}: the model API was asked ${arrivals.length} times.`);
    }
    samples.add(sampleName.first(row), answer.firstAt - answer.sentAt);
    samples.add(sampleName.there(row), arrival.receivedAt - answer.sentAt);
    samples.add(sampleName.back(row), answer.firstAt - arrival.receivedAt);
    return answer;
  };
  return [
    ...scenarios.map((scenario) => (mark: string) => scenario.run(send, mark)),
    ...oneShots.map((shot) => async () => {
      await server.ready({ fresh: false });
      await untilQuiet();
      samples.add(sampleName.oneShot(shot.id), await runOneShot(shot, { ...oneShot, model, prompt }));
    }),
    async () => {
      await server.ready({ fresh: false });
      await untilQuiet();
      samples.add(sampleName.modelApi, await askModelApi(simulator.url, { model, prompt }));
    },
  ];
}

/** The same conversations with a server whose CLI answers at once: what is left is our own time. */
export function ownSteps(server: ServerProcess, samples: Samples): ((mark: string) => Promise<void>)[] {
  const send: Send = async (request: ChatRequest, { row, fresh }) => {
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
  return scenarios.map((scenario) => (mark) => scenario.run(send, mark));
}

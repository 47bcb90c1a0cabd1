import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on a Ctrl-C that the terminal has sent us already: what comes this soon is the same one. */
const sameSignalMs = 500;

/** The first signal to stop. From then on, a further one ends this process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const take = (signal: NodeJS.Signals) => {
      if (firstAt !== undefined && performance.now() - firstAt > sameSignalMs) {
        process.exit(128 + constants.signals[signal]);
      }
      firstAt ??= performance.now();
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, take);
  });
}

import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exchange, readExchange } from './exchange.ts';

/**
 * What one session of the CLI asks the model API, as the CLI writes it into a folder: a file for each request, whole
 * before the CLI acts upon the answer. A file is removed once it is read.
 */
export class ExchangeLog implements Disposable {
  #watcher: FSWatcher;
  #looking: Promise<void> = Promise.resolve();
  readonly #folder: string;
  readonly #onExchange: (exchange: Exchange) => void;

  /** `onExchange` is told of each request in its order, once the folder is there. */
  constructor(folder: string, onExchange: (exchange: Exchange) => void) {
    this.#folder = folder;
    this.#onExchange = onExchange;
    this.#watcher = watch(folder, { persistent: false }, () => void this.look());
    // Without it the log is still looked at when a turn ends.
    this.#watcher.on('error', () => {});
  }

  /** Settles when everything has been told that was written when it was called. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#read());
    return this.#looking;
  }

  [Symbol.dispose](): void {
    this.#watcher.close();
  }

  async #read(): Promise<void> {
    // They begin with the time.
    const names = (await readdir(this.#folder).catch(() => [])).sort();
    for (const name of names) {
      const file = join(this.#folder, name);
      const exchange = readExchange(await readFile(file).catch(() => Buffer.alloc(0)));
      if (exchange === undefined) continue;
      await rm(file, { force: true }).catch(() => {});
      this.#onExchange(exchange);
    }
  }
}

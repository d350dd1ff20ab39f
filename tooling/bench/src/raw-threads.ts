// Threads without any library, for what is the most that threads can gain: each has the next page as soon as it has answered.
import { Worker } from "node:worker_threads";

/** Threads that run `raw-thread.js`. They do not keep the process alive while they have nothing to do. */
export class RawThreads<A, T> {
  readonly #workers: readonly Worker[];

  constructor(file: URL, threads: number) {
    this.#workers = Array.from({ length: threads }, () => new Worker(file));
    for (const worker of this.#workers) worker.unref();
  }

  /** Gives what becomes of each argument, in the order of the answers. */
  async run(all: Iterable<A>): Promise<T[]> {
    const results: T[] = [];
    const left = all[Symbol.iterator]();
    await Promise.all(this.#workers.map((worker) => answerAll(worker, left, results)));
    return results;
  }
}

/** Lets a thread answer what is left, which others may take from meanwhile. */
function answerAll<A, T>(worker: Worker, left: Iterator<A>, results: T[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      worker.off("message", take).off("error", reject).unref();
      resolve();
    };
    const give = (): void => {
      const next = left.next();
      if (next.done === true) end();
      else worker.postMessage(next.value, []);
    };
    const take = (result: T): void => {
      results.push(result);
      give();
    };
    worker.on("message", take).once("error", reject).ref();
    give();
  });
}

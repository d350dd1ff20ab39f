// The pools that the rows of the executor measure, each with the same number of threads, kept from its first use on.
import { existsSync } from "node:fs";
import { moduleRef, ThreadExecutor } from "@trestle/executor";
import { Piscina } from "piscina";
import { Tinypool } from "tinypool";

/** The module of the jobs: it lies beside the sources, and beside what is built of them. */
const jobs = ["../thread-jobs.js", "../../thread-jobs.js"]
  .map((name) => new URL(name, import.meta.url))
  .find((url) => existsSync(url)) as URL;

export const work = moduleRef<typeof import("../thread-jobs.js")>(jobs);

/** One pool of each kind. */
export interface Pools {
  readonly trestle: ThreadExecutor;
  readonly piscina: Piscina;
  readonly tinypool: Tinypool;
}

const opened = new Map<number, Pools>();

/** The pools with so many threads. */
export function poolsOf(threads: number): Pools {
  const known = opened.get(threads);
  if (known !== undefined) return known;
  const sizes = { minThreads: threads, maxThreads: threads };
  const pools = {
    trestle: new ThreadExecutor({ maxWorkers: threads, idleTimeoutMs: Number.POSITIVE_INFINITY }),
    piscina: new Piscina({ filename: jobs.href, ...sizes }),
    tinypool: new Tinypool({ filename: jobs.href, runtime: "worker_threads", ...sizes }),
  };
  opened.set(threads, pools);
  return pools;
}

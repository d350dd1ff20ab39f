// The pools that the rows of the executor measure, each with the same number of threads, kept from its first use on.
import { existsSync } from "node:fs";
import { moduleRef, ThreadExecutor } from "@trestle/executor";
import { Piscina } from "piscina";
import { Tinypool } from "tinypool";
import { RawThreads } from "./raw-threads.js";

const jobs = findModule("thread-jobs.js");

export const work = moduleRef<typeof import("../thread-jobs.js")>(jobs);

/** One pool of each kind. */
export interface Pools {
  readonly trestle: ThreadExecutor;
  readonly piscina: Piscina;
  readonly tinypool: Tinypool;
  /** They find the links of pages, and nothing else. */
  readonly raw: RawThreads<Uint8Array, readonly unknown[]>;
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
    raw: new RawThreads<Uint8Array, readonly unknown[]>(findModule("raw-thread.js"), threads),
  };
  opened.set(threads, pools);
  return pools;
}

/** What runs in threads lies beside the sources, and beside what is built of them. */
function findModule(name: string): URL {
  return [`../${name}`, `../../${name}`]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url)) as URL;
}

import { expectResult } from "../expect-result.js";
import type { Contender, Row } from "../row.js";
import { timed } from "../stopwatch.js";
import { poolsOf, work } from "../thread-pools.js";

const THREADS = 2;
const IN_FLIGHT = 64;
const MEBIBYTE = 1 << 20;

/** A job for each library: what it gives counts, and is looked at. */
type Job = (value: number) => PromiseLike<unknown>;

const oneThread: readonly [Contender["library"], string, Job][] = [
  [
    "Trestle",
    "executor.submit(work, args)",
    (value) => poolsOf(1).trestle.submit(work.echo, [value]),
  ],
  ["piscina", "piscina.run(value)", (value) => poolsOf(1).piscina.run(value, { name: "echo" })],
  ["tinypool", "pool.run(value)", (value) => poolsOf(1).tinypool.run(value, { name: "echo" })],
];

const twoThreads: readonly [Contender["library"], string, Job][] = [
  ["Trestle", "executor.submit", (value) => poolsOf(THREADS).trestle.submit(work.echo, [value])],
  ["piscina", "piscina.run", (value) => poolsOf(THREADS).piscina.run(value, { name: "echo" })],
  ["tinypool", "pool.run", (value) => poolsOf(THREADS).tinypool.run(value, { name: "echo" })],
];

/** One job after the other. */
const latencyRow: Row = {
  name: "executor-latency",
  title: "a job that does nothing, in a thread",
  unit: "ns",
  per: "job",
  count: 500,
  notes: ["Trestle's errors tell where their job was submitted, which is captured for each job."],
  contenders: oneThread.map(([library, code, job]) => ({
    library,
    code,
    measure: (count) =>
      timed(async () => {
        for (let at = 0; at < count; at++) expectResult(await job(at), at);
      }),
  })),
};

/** Many at a time. */
const throughputRow: Row = {
  name: "executor-throughput",
  title: `jobs that do nothing, ${IN_FLIGHT} at a time in ${THREADS} threads`,
  unit: "ns",
  per: "job",
  count: 5000,
  contenders: twoThreads.map(([library, code, job]) => ({
    library,
    code,
    measure: (count) =>
      timed(async () => {
        let next = 0;
        const lane = async (): Promise<void> => {
          for (let at = next++; at < count; at = next++) expectResult(await job(at), at);
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
      }),
  })),
};

function payload(
  name: string,
  title: string,
  give: () => { bytes: Uint8Array<ArrayBuffer>; transfer?: ArrayBuffer[] },
): Row {
  const send = (submit: (given: ReturnType<typeof give>) => PromiseLike<unknown>) => {
    return (count: number) =>
      timed(async () => {
        for (let at = 0; at < count; at++) expectResult(await submit(give()), MEBIBYTE);
      });
  };
  return {
    name,
    title,
    unit: "ns",
    per: "job",
    count: 100,
    contenders: [
      {
        library: "Trestle",
        code: "executor.submit",
        measure: send(({ bytes, transfer }) =>
          poolsOf(1).trestle.submit(work.lengthOf, [bytes], transfer && { transfer }),
        ),
      },
      {
        library: "piscina",
        code: "piscina.run",
        measure: send(({ bytes, transfer }) =>
          poolsOf(1).piscina.run(bytes, {
            name: "lengthOf",
            ...(transfer && { transferList: transfer }),
          }),
        ),
      },
      {
        library: "tinypool",
        code: "pool.run",
        measure: send(({ bytes, transfer }) =>
          poolsOf(1).tinypool.run(bytes, {
            name: "lengthOf",
            ...(transfer && { transferList: transfer }),
          }),
        ),
      },
    ],
  };
}

const copied = new Uint8Array(MEBIBYTE);
const shared = new Uint8Array(new SharedArrayBuffer(MEBIBYTE));

const cloneRow = payload("executor-clone", "a job with 1 MiB, copied", () => ({ bytes: copied }));

const transferRow = payload("executor-transfer", "a job with 1 MiB, moved", () => {
  const bytes = new Uint8Array(MEBIBYTE);
  return { bytes, transfer: [bytes.buffer] };
});

const sharedRow = payload("executor-shared", "a job with 1 MiB, shared", () => ({
  bytes: shared as unknown as Uint8Array<ArrayBuffer>,
}));

/** From a thread that stands still into its parent, and back. */
const callBackRow: Row = {
  name: "executor-call-back",
  title: "a blocking call back into the parent",
  unit: "ns",
  per: "call",
  count: 1000,
  contenders: [
    {
      library: "Trestle",
      code: "fromThread.runSync(name)",
      measure: (count) =>
        Promise.resolve(
          poolsOf(1).trestle.submit(work.callBack, [count], {
            host: { next: (at: number) => at + 1 },
          }),
        ),
    },
  ],
};

/** What the executor is measured by, beside other pools of threads. */
export const executorRows: readonly Row[] = [
  latencyRow,
  throughputRow,
  cloneRow,
  transferRow,
  sharedRow,
  callBackRow,
];

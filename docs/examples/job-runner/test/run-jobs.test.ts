import { CancelScope, moveOnAfter, run, sleep, type Operation } from "trestle";
import { cancelAtEachCheckpoint, Trace, VirtualHost } from "trestle/testing";
import { expect, test } from "vitest";
import { Board } from "../src/board.js";
import type { Job } from "../src/job.js";
import { runJobs, type Policy } from "../src/run-jobs.js";
import { someJob } from "./some-job.js";

/** How long each try of a job takes, and the error that it ends with, if it does. */
type Tries = readonly (number | readonly [ms: number, error: string])[];

interface Play {
  readonly jobs: readonly Job[];
  /** Of jobs that do not take 10 ms and are done then. */
  readonly tries?: Readonly<Record<string, Tries>>;
  readonly policy?: Partial<Policy>;
  /** When all is cancelled from outside. */
  readonly until?: number;
}

/** Runs jobs in virtual time, and gives all that was told, and when. */
async function played({ jobs, tries = {}, policy, until = Infinity }: Play): Promise<string[]> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const board = new Board(jobs, trace.log);
  const left = new Map(Object.entries(tries).map(([name, list]) => [name, [...list]]));

  function* perform({ name }: Job): Operation<string> {
    const [ms, error] = [left.get(name)?.shift() ?? 10].flat() as [number, string?];
    try {
      yield* sleep(ms);
    } catch (cancelled) {
      // As a process does, it takes a while to end.
      yield* new CancelScope({ shield: true }).run(() => sleep(5));
      trace.log(`           ${name} has ended`);
      throw cancelled;
    }
    if (error !== undefined) throw new Error(error);
    return `after ${ms} ms`;
  }

  const all = { parallel: 2, keepGoing: false, ...policy };
  await run(() => moveOnAfter(until, () => runJobs(board, perform, all)), { host });
  expect(namesOfOpen(board)).toEqual([]);
  return trace.entries.map(([at, what]) => `${at} ${what}`);
}

/** The jobs that nobody has ended. */
function namesOfOpen({ entries }: Board): string[] {
  const open = entries.filter(({ state }) => state === "waiting" || state === "running");
  return open.map(({ name }) => name);
}

test("runs each job when those that it needs are done, and so many at once", async () => {
  const jobs = [
    someJob("last", { needs: ["a", "b", "c"] }),
    someJob("a"),
    someJob("b"),
    someJob("c"),
    someJob("d", { needs: ["a"] }),
  ];
  expect(await played({ jobs, tries: { a: [20], b: [30] } })).toEqual([
    "0 start      a",
    "0 start      b",
    "20 ok         a: after 20 ms",
    "20 start      c",
    "30 ok         b: after 30 ms",
    "30 ok         c: after 10 ms",
    "30 start      d",
    "30 start      last",
    "40 ok         d: after 10 ms",
    "40 ok         last: after 10 ms",
  ]);
});

const chain = [
  someJob("build"),
  someJob("test", { needs: ["build"] }),
  someJob("publish", { needs: ["test"] }),
  someJob("lint"),
  someJob("tell", { needs: ["lint"] }),
];

test("a failure skips those that need the job, and cancels the rest", async () => {
  const tries = { build: [[10, "no compiler"] as const], lint: [15] };
  expect(await played({ jobs: chain, tries })).toEqual([
    "0 start      build",
    "0 start      lint",
    "10 failed     build: no compiler",
    "10 skipped    test: needs build",
    "10 skipped    publish: needs build",
    "10 cancelled  tell: build has failed",
    "15            lint has ended",
    "15 cancelled  lint: build has failed",
  ]);
});

test("a failure leaves those alone that do not need the job, where the rest is to go on", async () => {
  const tries = { build: [[10, "no compiler"] as const], lint: [15] };
  expect(await played({ jobs: chain, tries, policy: { keepGoing: true } })).toEqual([
    "0 start      build",
    "0 start      lint",
    "10 failed     build: no compiler",
    "10 skipped    test: needs build",
    "10 skipped    publish: needs build",
    "15 ok         lint: after 15 ms",
    "15 start      tell",
    "25 ok         tell: after 10 ms",
  ]);
});

test("a job that needs two that fail is skipped once, and at once", async () => {
  const jobs = [someJob("both", { needs: ["slow", "quick"] }), someJob("slow"), someJob("quick")];
  const tries = { slow: [[50, "late"] as const], quick: [[5, "early"] as const] };
  expect(await played({ jobs, tries, policy: { keepGoing: true } })).toEqual([
    "0 start      slow",
    "0 start      quick",
    "5 failed     quick: early",
    "5 skipped    both: needs quick",
    "50 failed     slow: late",
  ]);
});

test("tries again, in the same place, with all its time for each try", async () => {
  const jobs = [someJob("flaky", { retries: 2, timeout: 50 }), someJob("next")];
  const tries = { flaky: [[40, "busy"] as const, 60, 45] };
  expect(await played({ jobs, tries, policy: { parallel: 1 } })).toEqual([
    "0 start      flaky",
    "40 again      flaky: busy",
    "95            flaky has ended",
    "95 again      flaky: not done within 50 ms",
    "140 ok         flaky: after 45 ms",
    "140 start      next",
    "150 ok         next: after 10 ms",
  ]);
});

test("the last try that fails is the end, and a deadline is a failure", async () => {
  const jobs = [someJob("slow", { retries: 1, timeout: 50 }), someJob("next", { needs: ["slow"] })];
  expect(await played({ jobs, tries: { slow: [60, 60] } })).toEqual([
    "0 start      slow",
    "55            slow has ended",
    "55 again      slow: not done within 50 ms",
    "110            slow has ended",
    "110 failed     slow: not done within 50 ms",
    "110 skipped    next: needs slow",
  ]);
});

test("a cancellation from outside ends what runs, and nothing begins any more", async () => {
  const jobs = [
    someJob("a", { retries: 5, timeout: 1000 }),
    someJob("b"),
    someJob("in-line"),
    someJob("needs-a", { needs: ["a"] }),
  ];
  expect(await played({ jobs, tries: { a: [100], b: [100] }, until: 50 })).toEqual([
    "0 start      a",
    "0 start      b",
    "50 cancelled  in-line",
    "50 cancelled  needs-a",
    "55            a has ended",
    "55 cancelled  a",
    "55            b has ended",
    "55 cancelled  b",
  ]);
});

test("can be cancelled anywhere, and then no job waits or runs", async () => {
  const jobs = chain.map((job) => ({ ...job, retries: 2 }));
  const report = await cancelAtEachCheckpoint(function* all(): Operation<void> {
    const board = new Board(jobs, () => {});
    let failures = 2;
    function* perform({ name }: Job): Operation<string> {
      yield* sleep(name.length);
      if (name === "lint" && failures-- > 0) throw new Error("not yet");
      return "";
    }
    try {
      yield* runJobs(board, perform, { parallel: 2, keepGoing: true });
    } finally {
      expect(namesOfOpen(board)).toEqual([]);
    }
  });
  expect(report.checkpoints).toBeGreaterThan(10);
  report.throwIfFound();
});

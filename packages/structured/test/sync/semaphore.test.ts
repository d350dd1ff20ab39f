import { ArgumentError } from "@trestle/host";
import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  moveOnAfter,
  openNursery,
  ReleaseError,
  Semaphore,
  sleep,
  WouldBlock,
} from "../../src/index.js";
import { structuredStage } from "../structured-stage.js";
import { virtualRun } from "../virtual-run.js";

const locks = lockBehaviours(() => {
  const stage = structuredStage();
  const semaphore = new Semaphore(1);
  return {
    stage,
    acquire: () => () => semaphore.acquire(),
    release: () => stage.call(() => semaphore.release()),
  };
});

describe("a semaphore of one (SEM-3, T222, T223)", () => {
  for (const { title, run } of locks) test(title, run);
});

describe("a semaphore", () => {
  test.each([-1, 1.5, Number.NaN, Infinity, "2"])("cannot start at %j (SEM-1, T219)", (value) => {
    expect(() => new Semaphore(value as number)).toThrow(ArgumentError);
  });

  test.each([1, Number.NaN])(
    "that starts at 2 cannot have a maximum of %d (SEM-1, T219)",
    (maxValue) => {
      expect(() => new Semaphore(2, { maxValue })).toThrow(ArgumentError);
    },
  );

  test.each([2.5, "3", null, -Infinity])(
    "cannot have a maximum of %j: a whole number is wanted (SEM-1, T219)",
    (maxValue) => {
      const make = (): Semaphore => new Semaphore(2, { maxValue: maxValue as number });
      expect(make).toThrow(ArgumentError);
      expect(make).toThrow(/: a whole number is wanted\.$/);
    },
  );

  test.each([undefined, Infinity])("without a maximum (%s) counts on (SEM-1)", (maxValue) => {
    const semaphore = new Semaphore(0, maxValue === undefined ? {} : { maxValue });
    for (let i = 0; i < 100; i++) semaphore.release();
    expect(semaphore.value).toBe(100);
  });

  test("lets as many in at a time as it counts", async () => {
    const { run, trace, log } = virtualRun();
    const semaphore = new Semaphore(2);
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) {
          nursery.startSoon(() =>
            semaphore.hold(function* () {
              log(name);
              yield* sleep(10);
            }),
          );
        }
      }),
    );
    expect(trace.entries).toEqual([
      [0, "a"],
      [0, "b"],
      [10, "c"],
    ]);
  });

  test("stays at zero while it hands one on: nobody can steal it (SEM-2, SYN-3, T219)", async () => {
    const { run } = virtualRun();
    const semaphore = new Semaphore(1);
    await run(() =>
      openNursery(function* (nursery) {
        yield* semaphore.acquire();
        nursery.startSoon(() => semaphore.acquire());
        yield* checkpoint();
        expect(semaphore.statistics()).toEqual({ tasksWaiting: 1 });
        semaphore.release();
        expect(semaphore.value).toBe(0);
        expect(() => semaphore.acquireNowait()).toThrow(WouldBlock);
      }),
    );
  });

  test("counts up to its maximum and no further (SEM-2, T219)", () => {
    const semaphore = new Semaphore(1, { maxValue: 2 });
    semaphore.release();
    expect(semaphore.value).toBe(2);
    expect(() => semaphore.release()).toThrow(ReleaseError);
    expect(() => semaphore.release()).toThrow(
      "Cannot release the semaphore: it is at its maximum of 2 already.",
    );
    semaphore.acquireNowait();
    expect(semaphore.value).toBe(1);
  });

  test("belongs to nobody: plain callbacks may release it (SEM-2)", async () => {
    const { run, host } = virtualRun();
    const semaphore = new Semaphore(0);
    host.at(10, () => semaphore.release());
    await run(() => semaphore.acquire());
    expect(host.now()).toBe(10);
    expect(semaphore.value).toBe(0);
  });

  test("is not counted down by an acquire that was cancelled (SYN-2)", async () => {
    const { run } = virtualRun();
    const semaphore = new Semaphore(1);
    await run(() => moveOnAfter(0, () => semaphore.acquire()));
    expect(semaphore.value).toBe(1);
  });
});

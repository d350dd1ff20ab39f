import { ArgumentError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  currentTime,
  moveOnAfter,
  moveOnAt,
  openNursery,
  run as runOn,
  sleep,
  sleepForever,
  sleepUntil,
} from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

describe("sleep", () => {
  test("takes the time that it was given, also a fraction (TIME-6, T227)", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      for (const ms of [10, 0.25, 0, 3_600_000]) {
        yield* sleep(ms);
        log(`slept ${ms}`);
      }
    });
    expect(trace.entries).toEqual([
      [10, "slept 10"],
      [10.25, "slept 0.25"],
      [10.25, "slept 0"],
      [3_600_010.25, "slept 3600000"],
    ]);
  });

  test("wakes those of one instant in the order in which they lay down", async () => {
    const { run, trace, log } = virtualRun();
    const sleeper = function* (name: string, at: number) {
      yield* sleepUntil(at);
      log(name);
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) nursery.startSoon(sleeper, name, 10);
        nursery.startSoon(sleeper, "early", 5);
      }),
    );
    expect(trace.entries).toEqual([
      [5, "early"],
      [10, "a"],
      [10, "b"],
      [10, "c"],
    ]);
  });

  test("ends at once when it is cancelled, and leaves no timer behind", async () => {
    const { run, host } = virtualRun();
    const result = await run(() => moveOnAfter(10, () => sleep(1000)));
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(10);
  });

  test("is cancelled where its own end and the scope's deadline fall together", async () => {
    const { run } = virtualRun();
    const result = await run(() => moveOnAfter(10, () => sleep(10)));
    expect(result.cancelledCaught).toBe(true);
  });

  test("has its value when it was woken before the cancel, which comes at the next one (TRAP-8)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(10);
          scope.cancel();
        });
        nursery.startSoon(() =>
          scope.run(function* () {
            yield* sleep(10);
            log("slept");
            yield* sleep(10);
            log("slept again");
          }),
        );
      }),
    );
    expect(trace.entries).toEqual([[10, "slept"]]);
    expect(scope.cancelledCaught).toBe(true);
  });

  test("counts from when it is run, and may be run again, also by two tasks at once", async () => {
    const { run, trace, log } = virtualRun();
    const nap = sleep(10);
    await run(() =>
      openNursery(function* (nursery) {
        yield* nap;
        log("slept");
        for (const name of ["a", "b"]) {
          nursery.startSoon(function* () {
            yield* nap;
            log(name);
          });
        }
      }),
    );
    expect(trace.entries).toEqual([
      [10, "slept"],
      [20, "a"],
      [20, "b"],
    ]);
  });

  test.each([-1, Number.NaN, "10", null, undefined])("refuses %j (TIME-7, T232)", (ms) => {
    expect(() => sleep(ms as number)).toThrow(ArgumentError);
    expect(() => sleep(ms as number)).toThrow(/^Cannot sleep/);
  });
});

describe("sleepUntil", () => {
  test("sleeps until the instant", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      yield* sleep(5);
      yield* sleepUntil(20);
    });
    expect(host.now()).toBe(20);
  });

  test.each([4, -1000, Number.NEGATIVE_INFINITY])(
    "is only a checkpoint for the past: %d (TIME-7)",
    async (at) => {
      const { run, host } = virtualRun();
      await run(function* () {
        yield* sleep(5);
        yield* sleepUntil(at);
      });
      expect(host.now()).toBe(5);
      const result = await run(() => moveOnAt(0, () => sleepUntil(at)));
      expect(result.cancelledCaught).toBe(true);
    },
  );

  test.each([Number.NaN, "10", undefined])("refuses %j", (at) => {
    expect(() => sleepUntil(at as number)).toThrow(ArgumentError);
  });
});

describe("sleepForever", () => {
  test("ends by cancellation only", async () => {
    const { run, host } = virtualRun();
    const result = await run(() => moveOnAfter(1e9, () => sleepForever()));
    expect(result.cancelledCaught).toBe(true);
    expect(host.now()).toBe(1e9);
  });

  test("is what sleep and sleepUntil do with Infinity", async () => {
    const { run } = virtualRun();
    for (const operation of [sleep(Infinity), sleepUntil(Infinity)]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const result = await run(() => moveOnAfter(10, () => operation));
      expect(result.cancelledCaught).toBe(true);
    }
  });
});

test("currentTime is the host's (T13)", async () => {
  const host = new VirtualHost({ startAt: 500 });
  const times = await runOn(
    function* () {
      const before = currentTime();
      yield* sleep(10);
      return [before, currentTime()];
    },
    { host },
  );
  expect(times).toEqual([500, 510]);
});

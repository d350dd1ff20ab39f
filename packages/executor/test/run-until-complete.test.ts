import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { BlockingTimeoutError } from "../src/blocking-timeout-error.js";
import { HostFunctionError } from "../src/host-function-error.js";
import { runUntilComplete } from "../src/run-until-complete.js";
import { UncloneableError } from "../src/uncloneable-error.js";
import { WorkReferenceError } from "../src/work-reference-error.js";
import { WorkerExitError } from "../src/worker-exit-error.js";
import { work } from "./built-work.js";

function errorFrom(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

test("gives what the work returns or its promise comes to, and throws what it throws", () => {
  expect(runUntilComplete(work.add, [1, 2])).toBe(3);
  expect(runUntilComplete(work.sleep, [5])).toBe("slept");
  const error = errorFrom(() => runUntilComplete(work.fail, ["type"])) as Error;
  expect(error).toBeInstanceOf(TypeError);
  expect(error.stack).toMatch(/at fail .*\n.*worker boundary.*\n.*run-until-complete\.test\.ts/u);
});

test("calls back while it waits, also from within", () => {
  const host = {
    double: (number: number) => 2 * number,
    nested: (one: number, two: number) => runUntilComplete(work.add, [one, two]),
    fail: () => {
      throw new RangeError("far");
    },
  };
  expect(runUntilComplete(work.callBack, ["double", 21], { host })).toBe(42);
  expect(runUntilComplete(work.callBackLater, ["nested", 1, 2], { host })).toBe(3);
  expect(errorFrom(() => runUntilComplete(work.callBack, ["fail"], { host }))).toBeInstanceOf(
    RangeError,
  );
  expect(
    errorFrom(() => runUntilComplete(work.callBack, ["odd"], { host: { odd: () => () => {} } })),
  ).toBeInstanceOf(UncloneableError);
});

test("refuses to wait for asynchronous functions, which nobody could run", () => {
  const host = { later: async () => 5, likewise: () => Promise.reject(new Error("unheard")) };
  for (const name of Object.keys(host)) {
    expect(errorFrom(() => runUntilComplete(work.callBack, [name], { host }))).toBeInstanceOf(
      HostFunctionError,
    );
  }
});

test("ends after the time that it is given, and the next call has a thread", () => {
  const error = errorFrom(() => runUntilComplete(work.busy, [60_000], { timeoutMs: 20 }));
  expect(error).toBeInstanceOf(BlockingTimeoutError);
  expect(runUntilComplete(work.add, [1, 2])).toBe(3);
});

test("hears of the thread's end: an exit, an error that nobody catches", () => {
  const exit = errorFrom(() => runUntilComplete(work.exit, [3], { timeoutMs: 20_000 }));
  expect(exit).toBeInstanceOf(WorkerExitError);
  expect((exit as WorkerExitError).exitCode).toBe(3);
  expect(
    errorFrom(() => runUntilComplete(work.uncaught, [], { timeoutMs: 20_000 })),
  ).toBeInstanceOf(TypeError);
  expect(runUntilComplete(work.returnAndExit, [])).toBe("returned");
  expect(runUntilComplete(work.add, [1, 2])).toBe(3);
}, 30_000);

test("refuses what it cannot send, before anything has begun", () => {
  expect(() => runUntilComplete(work.echo, [() => {}])).toThrow(UncloneableError);
  expect(() => runUntilComplete((() => 5) as never, [])).toThrow(WorkReferenceError);
  expect(() => runUntilComplete(work.add, "ab" as never)).toThrow(ArgumentError);
  for (const timeoutMs of [-1, Number.NaN, "1"])
    expect(() => runUntilComplete(work.add, [1, 2], { timeoutMs: timeoutMs as number })).toThrow(
      ArgumentError,
    );
  expect(errorFrom(() => runUntilComplete(work.uncloneable, []))).toBeInstanceOf(UncloneableError);
});

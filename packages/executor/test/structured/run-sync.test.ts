import { WrongFlavorError } from "@trestle/host";
import {
  Cancelled,
  CancelScope,
  CapacityLimiter,
  checkpoint,
  currentTask,
  moveOnAfter,
  openNursery,
  run,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { expect, test } from "vitest";
import { HostFunctionError } from "../../src/host-function-error.js";
import { InlineExecutor } from "../../src/inline-executor.js";
import { runSync, toThread } from "../../src/structured/run-sync.js";
import { currentDefaultThreadLimiter } from "../../src/structured/thread-limiter.js";
import { ThreadExecutor } from "../../src/thread-executor.js";
import { WorkReferenceError } from "../../src/work-reference-error.js";
import { checkCancelled, fromThread } from "../../src/worker.js";
import { work } from "../built-work.js";
import { RemoteExecutor } from "../remote-executor.js";
import { sharedWords, until } from "../until.js";

function letGo(memory: Int32Array): void {
  Atomics.store(memory, 0, 1);
  Atomics.notify(memory, 0);
}

function* waitUntil(holds: () => boolean): Operation<void> {
  while (!holds()) yield* checkpoint();
}

function* outcomeOf(operation: Operation<unknown>): Operation<unknown> {
  try {
    return yield* operation;
  } catch (error) {
    return error;
  }
}

test("gives what the work returns, throws what it throws (T175, THR-10)", () =>
  run(function* () {
    expect(yield* toThread(work.add, 1, 2)).toBe(3);
    expect(yield* runSync(work.sleep, [1])).toBe("slept");
    expect(yield* outcomeOf(toThread(work.fail, "type"))).toBeInstanceOf(TypeError);
    expect(yield* outcomeOf(toThread(work.fail, "own"))).toMatchObject({ code: "E_OWN" });
  }));

test("a caller that is cancelled already has nothing begun (THR-1)", () =>
  run(function* () {
    const memory = sharedWords();
    const scope = new CancelScope();
    scope.cancel();
    yield* scope.run(() => toThread(work.count, memory));
    expect(currentDefaultThreadLimiter().borrowedTokens).toBe(0);
    expect(Atomics.load(memory, 0)).toBe(0);
  }));

test("a cancellation is put off until the work has ended, and what that returned counts (T176, THR-4)", () =>
  run(function* () {
    const memory = sharedWords();
    const scope = new CancelScope();
    const log: unknown[] = [];
    yield* openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        yield* scope.run(function* () {
          log.push(yield* toThread(work.standStill, memory));
          yield* checkpoint();
          log.push("never");
        });
      });
      yield* waitUntil(() => Atomics.load(memory, 1) === 1);
      scope.cancel();
      for (let round = 0; round < 5; round++) yield* checkpoint();
      expect(log).toEqual([]);
      letGo(memory);
    });
    expect([log, scope.cancelledCaught]).toEqual([["went on"], true]);
  }));

test("abandoned work ends the wait at once, and has its token until it has ended (T176, T178, THR-5, THR-6)", () =>
  run(function* () {
    const memory = sharedWords();
    const limiter = new CapacityLimiter(1);
    const { cancelledCaught } = yield* moveOnAfter(Number.POSITIVE_INFINITY, function* (scope) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() =>
          runSync(work.standStill, [memory], { onCancel: "abandon", limiter }),
        );
        yield* waitUntil(() => Atomics.load(memory, 1) === 1);
        scope.cancel();
      });
    });
    expect([cancelledCaught, limiter.borrowedTokens]).toEqual([true, 1]);
    letGo(memory);
    yield* waitUntil(() => limiter.borrowedTokens === 0);
  }));

test("work that looks for it is cancelled, as are asynchronous calls that are told, and what is terminated (T190, THR-17, THR-18)", () =>
  run(function* () {
    const executor = new ThreadExecutor();
    for (const [each, onCancel] of [
      [work.busyChecking, undefined],
      [work.sleepTold, "cooperative"],
      [work.busyForEver, { terminateAfterMs: 0 }],
    ] as const) {
      const memory = sharedWords();
      const { cancelledCaught } = yield* moveOnAfter(Number.POSITIVE_INFINITY, function* (scope) {
        yield* openNursery(function* (nursery) {
          nursery.startSoon(() =>
            runSync<[Int32Array], unknown>(each, [memory], { executor, onCancel }),
          );
          yield* waitUntil(() => Atomics.load(memory, 1) === 1);
          scope.cancel();
        });
      });
      expect(cancelledCaught).toBe(true);
      expect(currentDefaultThreadLimiter().borrowedTokens).toBe(0);
    }
    void executor.shutdown({ wait: false });
  }));

test("no more run than the limiter has tokens, and a waiting task can be cancelled (T178, T179)", () =>
  run(function* () {
    const limiter = new CapacityLimiter(1);
    const memory = sharedWords();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(() => runSync(work.standStill, [memory], { limiter }));
      yield* waitUntil(() => Atomics.load(memory, 1) === 1);
      const { cancelledCaught } = yield* moveOnAfter(1, () =>
        runSync(work.add, [1, 2], { limiter }),
      );
      expect([cancelledCaught, limiter.statistics().tasksWaiting]).toEqual([true, 0]);
      letGo(memory);
    });
    expect(limiter.borrowedTokens).toBe(0);
  }));

test("a limiter of one's own is asked and given back, and its errors are the work's (T179, T180, THR-7, THR-8)", () =>
  run(function* () {
    const log: string[] = [];
    const limiter = {
      *acquireOnBehalfOf(): Operation<void> {
        yield* checkpoint();
        log.push("acquire");
      },
      releaseOnBehalfOf: () => void log.push("release"),
    };
    expect(yield* runSync(work.add, [1, 2], { limiter })).toBe(3);
    expect(log).toEqual(["acquire", "release"]);
    const broken = {
      ...limiter,
      releaseOnBehalfOf: () => {
        throw new Error("not mine");
      },
    };
    expect(yield* outcomeOf(runSync(work.add, [1, 2], { limiter: broken }))).toEqual(
      new Error("not mine"),
    );
    const empty = {
      ...limiter,
      *acquireOnBehalfOf(): Operation<void> {
        yield* checkpoint();
        throw new Error("no tokens");
      },
    };
    expect(yield* outcomeOf(runSync(work.add, [1, 2], { limiter: empty }))).toEqual(
      new Error("no tokens"),
    );
  }));

test("a thread that cannot be made gives its token back (T181, THR-7)", () =>
  run(function* () {
    const executor = new ThreadExecutor({ execArgv: ["--no-such-option"] });
    expect(yield* outcomeOf(runSync(work.add, [1, 2], { executor }))).toMatchObject({
      code: "TRESTLE_WORKER_EXIT",
    });
    void executor.shutdown({ wait: false });
    expect(yield* outcomeOf(runSync(work.add, [1, 2], { executor }))).toMatchObject({
      code: "TRESTLE_EXECUTOR_CLOSED",
    });
    expect(currentDefaultThreadLimiter().borrowedTokens).toBe(0);
  }));

test("functions are refused, with what to do (T182)", () =>
  run(function* () {
    expect(() => toThread((() => 5) as never)).toThrow(WorkReferenceError);
    yield* checkpoint();
  }));

test("what it calls back runs in the task that waits, plain or structured (T171, T185, T187, THR-13)", () =>
  run(function* () {
    const task = currentTask();
    const host = {
      plain: (number: number) => [number, currentTask() === task],
      *structured(number: number): Operation<unknown> {
        yield* checkpoint();
        return [number, currentTask() === task];
      },
      *fail(): Operation<never> {
        yield* checkpoint();
        throw new RangeError("far");
      },
    };
    for (const each of [work.callBack, work.callBackLater]) {
      expect(yield* runSync(each, ["plain", 1], { host })).toEqual([1, true]);
      expect(yield* runSync(each, ["structured", 2], { host })).toEqual([2, true]);
      expect(yield* outcomeOf(runSync(each, ["fail"], { host }))).toBeInstanceOf(RangeError);
      expect(yield* outcomeOf(runSync(each, ["none"], { host }))).toBeInstanceOf(HostFunctionError);
    }
  }));

test("an async function is refused where it is called back (T182, THR-15)", () =>
  run(function* () {
    const host = { wrong: async () => 5 };
    const error = yield* outcomeOf(runSync(work.callBack, ["wrong"], { host }));
    expect(error).toBeInstanceOf(WrongFlavorError);
  }));

test("a call back to a cancelled task runs up to its first checkpoint, and the work ends as cancelled (T189, THR-14)", () =>
  run(function* () {
    for (const each of [work.callBack, work.callBackLater]) {
      const log: string[] = [];
      const scope = new CancelScope();
      const host = {
        *wait(): Operation<void> {
          log.push("begins");
          scope.cancel("enough");
          try {
            yield* sleepForever();
          } catch (error) {
            log.push(error instanceof Cancelled ? "cancelled" : "failed");
            throw error;
          }
        },
      };
      yield* scope.run(() => runSync(each, ["wait"], { host }));
      expect(scope.cancelledCaught).toBe(true);
      expect(log).toEqual(["begins", "cancelled"]);
    }
  }));

test("work in work takes a token each (T188, THR-11)", () =>
  run(function* () {
    const limiter = new CapacityLimiter(2);
    const seen: number[] = [];
    const host = {
      *nested(): Operation<number> {
        const sum = yield* runSync(work.add, [1, 2], { limiter });
        seen.push(limiter.borrowedTokens);
        return sum;
      },
    };
    expect(yield* runSync(work.callBack, ["nested"], { host, limiter })).toBe(3);
    expect([seen, limiter.borrowedTokens]).toEqual([[1], 0]);
  }));

test("a run ends without the work that it has abandoned (T177)", async () => {
  const memory = sharedWords();
  const executor = new ThreadExecutor();
  await run(() =>
    moveOnAfter(Number.POSITIVE_INFINITY, function* (scope) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() =>
          runSync(work.standStill, [memory], { executor, onCancel: "abandon" }),
        );
        yield* waitUntil(() => Atomics.load(memory, 1) === 1);
        scope.cancel();
      });
    }),
  );
  expect(executor.statistics().running).toBe(1);
  letGo(memory);
  await until(() => executor.statistics().running === 0);
  await executor.shutdown();
});

test("runs in this thread with an InlineExecutor, for tests", () =>
  run(function* () {
    const executor = new InlineExecutor();
    const inline = ((text: string) => {
      checkCancelled();
      return fromThread.run("shout", text);
    }) as never as typeof work.greet;
    const host = { shout: (text: string) => text.toUpperCase() };
    expect(yield* runSync(inline, ["hello"] as never, { executor, host })).toBe("HELLO");
  }));

test("an executor of one's own has its own limits, and is offered no calls back unless there are some", () =>
  run(function* () {
    currentDefaultThreadLimiter().totalTokens = 0;
    const executor = new RemoteExecutor();
    expect(yield* runSync(work.add, [1, 2], { executor })).toBe(3);
    const limiter = new CapacityLimiter(1);
    for (const [options, refused] of [
      [{ host: {} }, "'onHostCall' is refused"],
      [{ limiter }, "'limiter' is refused"],
    ] as const) {
      const outcome = yield* outcomeOf(runSync(work.add, [1, 2], { executor, ...options }));
      expect(outcome).toEqual(new Error(refused));
    }
    expect(limiter.borrowedTokens).toBe(0);
  }));

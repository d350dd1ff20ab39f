import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  checkpoint,
  currentTime,
  Event,
  failAfter,
  failAt,
  isCancelled,
  moveOnAfter,
  moveOnAt,
  named,
  openNursery,
  ScopeCancelledError,
  sleep,
  sleepForever,
  sleepUntil,
  TooSlowError,
  type CancelScope,
  type Operation,
} from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

describe("moveOnAfter and moveOnAt", () => {
  test.each([
    ["moveOnAfter", (body: () => Operation<string>) => moveOnAfter(10, body)],
    ["moveOnAt", (body: () => Operation<string>) => moveOnAt(15, body)],
  ])("%s gives the value of a body that is in time", async (_name, block) => {
    const { run } = virtualRun();
    const result = await run(function* () {
      yield* sleep(5);
      return yield* block(function* () {
        yield* sleep(9);
        return "in time";
      });
    });
    expect(result).toEqual({ cancelledCaught: false, value: "in time" });
  });

  test.each([
    ["moveOnAfter", () => moveOnAfter(10, () => sleepForever())],
    ["moveOnAt", () => moveOnAt(15, () => sleepForever())],
  ])("%s goes on when the time is up", async (_name, block) => {
    const { run, host } = virtualRun();
    const result = await run(function* () {
      yield* sleep(5);
      return yield* block();
    });
    expect(result).toEqual({ cancelledCaught: true, value: undefined });
    expect(host.now()).toBe(15);
  });

  test("count from where they are run, not from where they were made (TIME-4)", async () => {
    const { run, host } = virtualRun();
    await run(function* () {
      const block = moveOnAfter(10, () => sleepForever());
      yield* sleep(100);
      yield* block;
    });
    expect(host.now()).toBe(110);
  });

  test("with no time, cancel at the first checkpoint and not before (SCOPE-17)", async () => {
    const { run, trace, log } = virtualRun();
    const result = await run(() =>
      moveOnAfter(0, function* (scope) {
        log(`cancelled: ${scope.cancelCalled}`);
        yield* checkpoint();
        log("not reached");
      }),
    );
    expect(trace.messages).toEqual(["cancelled: true"]);
    expect(result.cancelledCaught).toBe(true);
    await expect(
      run(() =>
        moveOnAfter(0, function* () {
          return "nothing to wait for";
        }),
      ),
    ).resolves.toEqual({ cancelledCaught: false, value: "nothing to wait for" });
  });

  test("pass on an error of the body, also after the time is up (TIME-10)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the body");
    await expect(
      rejectionOf(
        run(() =>
          moveOnAfter(10, function* () {
            try {
              yield* sleepForever();
            } catch {
              throw error;
            }
          }),
        ),
      ),
    ).resolves.toBe(error);
  });

  test("hand the arguments on, after the scope", async () => {
    const { run } = virtualRun();
    const add = function* (scope: CancelScope, a: number, b: number): Operation<number> {
      yield* checkpoint();
      return scope.cancelCalled ? 0 : a + b;
    };
    await expect(run(() => moveOnAfter(10, add, 1, 2))).resolves.toMatchObject({ value: 3 });
    await expect(run(() => moveOnAt(10, add, 3, 4))).resolves.toMatchObject({ value: 7 });
    await expect(run(() => failAfter(10, add, 5, 6))).resolves.toBe(11);
    await expect(run(() => failAt(10, add, 7, 8))).resolves.toBe(15);
  });
});

describe("failAfter and failAt", () => {
  test("the error has what the body threw as its cause, with what that carries", async () => {
    const { run } = virtualRun();
    let thrown: unknown;
    const error = await rejectionOf(
      run(() =>
        failAfter(10, function* () {
          try {
            yield* sleepForever();
          } catch (cancelled) {
            thrown = cancelled;
            throw cancelled;
          }
        }),
      ),
    );
    expect(isCancelled(thrown)).toBe(true);
    expect((error as TooSlowError).cause).toBe(thrown);
  });

  test.each([
    ["failAfter", () => failAfter(10, () => sleep(11))],
    ["failAt", () => failAt(10, () => sleep(11))],
  ])("%s throws TooSlowError when the time is up (TIME-1, T231)", async (_name, block) => {
    const { run, host } = virtualRun();
    await expect(run(block)).rejects.toBeInstanceOf(TooSlowError);
    expect(host.now()).toBe(10);
  });

  test.each([
    ["failAfter", () => failAfter(10, () => sleep(9))],
    ["failAt", () => failAt(10, () => sleep(9))],
  ])("%s throws nothing in time (T231)", async (_name, block) => {
    const { run } = virtualRun();
    await expect(run(block)).resolves.toBeUndefined();
  });

  test("say which task was too slow, and where all the tasks inside were waiting (TIME-9, ours)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      failAfter(10, () =>
        openNursery(function* (nursery) {
          nursery.startSoon(named("waiter", () => new Event().wait()));
          nursery.startSoon(named("sleeper", () => sleepUntil(500)));
          nursery.startSoon(named("quick", () => sleep(5)));
        }),
      );
    const error = await rejectionOf(run(named("main", main)));
    expect((error as TooSlowError).blocked).toEqual([
      "task 'main' waits for the end of its nursery (2 children left)",
      "task 'waiter' waits for an event",
      "task 'sleeper' waits for the time 500 ms (it sleeps)",
    ]);
    expect((error as TooSlowError).message).toBe(
      "Cannot finish main within 10 ms.\n" +
        "  task 'main' waits for the end of its nursery (2 children left)\n" +
        "  task 'waiter' waits for an event\n" +
        "  task 'sleeper' waits for the time 500 ms (it sleeps)",
    );
  });

  test("leave out of that what waits elsewhere", async () => {
    const { run } = virtualRun();
    let error: unknown;
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleep, 100);
        error = yield* (function* () {
          try {
            return yield* failAfter(10, () => sleepForever());
          } catch (caught) {
            return caught;
          }
        })();
      }),
    );
    expect((error as TooSlowError).blocked).toEqual([
      "task 'main' waits for its cancellation (it sleeps for ever)",
    ]);
  });

  test("throw another error where their scope was cancelled by hand (TIME-2, ours)", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> =>
      failAfter(10, function* (scope) {
        scope.cancel();
        yield* checkpoint();
      });
    const error = await rejectionOf(run(main));
    expect(error).toBeInstanceOf(ScopeCancelledError);
    expect(error).not.toBeInstanceOf(TooSlowError);
  });

  test("never make an outer cancellation into a failure (TIME-3)", async () => {
    const { run } = virtualRun();
    const seen: boolean[] = [];
    const result = await run(() =>
      moveOnAfter(5, function* () {
        try {
          yield* failAfter(5, () => sleepForever());
        } catch (error) {
          seen.push(isCancelled(error));
          throw error;
        }
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(seen).toEqual([true]);
  });

  test("throw nothing where the body ends although the time is up", async () => {
    const { run } = virtualRun();
    const main = (): Operation<string> =>
      failAfter(10, function* () {
        try {
          yield* sleepForever();
        } catch {
          return "a value nevertheless";
        }
        return "";
      });
    await expect(run(main)).resolves.toBe("a value nevertheless");
  });

  test("pass on an error of the body in place of their own (TIME-10)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the body");
    const main = (): Operation<never> =>
      failAfter(10, function* () {
        try {
          yield* sleepForever();
        } catch {
          throw error;
        }
        throw new Error("not reached");
      });
    await expect(rejectionOf(run(main))).resolves.toBe(error);
  });

  test("go by the deadline as it has been moved", async () => {
    const { run, host } = virtualRun();
    const main = (): Operation<void> =>
      failAfter(10, function* (scope) {
        scope.deadline = currentTime() + 50;
        yield* sleepForever();
      });
    await expect(run(main)).rejects.toBeInstanceOf(TooSlowError);
    expect(host.now()).toBe(50);
  });
});

describe("a shield of the same scope", () => {
  test("keeps outer cancellations out and the own deadline in (T229, T230)", async () => {
    const { run, host } = virtualRun();
    const result = await run(() =>
      moveOnAfter(1, () =>
        moveOnAfter(10, function* (scope) {
          scope.shield = true;
          yield* sleep(5);
          yield* sleepForever();
        }),
      ),
    );
    expect(result.value?.cancelledCaught).toBe(true);
    expect(host.now()).toBe(10);
  });
});

describe("a shield over failAfter and failAt", () => {
  const blocks = [
    ["failAfter", (body: (scope: CancelScope) => Operation<void>) => failAfter(10, body)],
    ["failAt", (body: (scope: CancelScope) => Operation<void>) => failAt(10, body)],
  ] as const;

  test.each(blocks)("lets the own deadline of %s through (T230)", async (_name, block) => {
    const { run, host } = virtualRun();
    const main = (): Operation<unknown> =>
      moveOnAfter(5, () =>
        block(function* (scope) {
          scope.shield = true;
          yield* sleepForever();
        }),
      );
    await expect(run(main)).rejects.toBeInstanceOf(TooSlowError);
    expect(host.now()).toBe(10);
  });
});

test.each<[string, (body: (scope: CancelScope) => Operation<void>) => Operation<unknown>]>([
  ["moveOnAfter", (body: (scope: CancelScope) => Operation<void>) => moveOnAfter(1000, body)],
  ["moveOnAt", (body: (scope: CancelScope) => Operation<void>) => moveOnAt(1000, body)],
  ["failAfter", (body: (scope: CancelScope) => Operation<void>) => failAfter(1000, body)],
  ["failAt", (body: (scope: CancelScope) => Operation<void>) => failAt(1000, body)],
])(
  "a shield over %s keeps outer cancellations out until it is taken down (TIME-1, T229)",
  async (_name, block) => {
    const { run, trace, log } = virtualRun();
    const result = await run(() =>
      moveOnAfter(5, () =>
        block(function* (scope) {
          scope.shield = true;
          yield* sleep(10);
          log("behind the shield");
          scope.shield = false;
          try {
            yield* sleepForever();
          } catch (error) {
            log(`cancelled: ${isCancelled(error)}`);
            throw error;
          }
        }),
      ),
    );
    expect(trace.entries).toEqual([
      [10, "behind the shield"],
      [10, "cancelled: true"],
    ]);
    expect(result.cancelledCaught).toBe(true);
  },
);

describe("a time that is none", () => {
  const body = (): Operation<void> => checkpoint();
  const after = [
    ["moveOnAfter", (ms: number) => moveOnAfter(ms, body)],
    ["failAfter", (ms: number) => failAfter(ms, body)],
  ] as const;
  const at = [
    ["moveOnAt", (ms: number) => moveOnAt(ms, body)],
    ["failAt", (ms: number) => failAt(ms, body)],
  ] as const;

  test.each(after)(
    "is refused by %s where it is made: negative, NaN, no number (T232)",
    (_name, make) => {
      for (const ms of [-1, Number.NaN, "10" as unknown as number])
        expect(() => make(ms)).toThrow(ArgumentError);
    },
  );

  test.each(at)("is refused by %s where it is made: NaN, no number (T232)", (_name, make) => {
    for (const ms of [Number.NaN, "10" as unknown as number])
      expect(() => make(ms)).toThrow(ArgumentError);
  });

  test("is none of the past, which is only over at once (T232)", async () => {
    const { run } = virtualRun();
    await expect(run(() => moveOnAt(-1000, body))).resolves.toMatchObject({
      cancelledCaught: true,
    });
    await expect(run(() => failAt(-1000, body))).rejects.toBeInstanceOf(TooSlowError);
  });
});

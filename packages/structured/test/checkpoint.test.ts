import { describe, expect, test } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  currentTime,
  Event,
  isCancelled,
  moveOnAfter,
  openNursery,
  sleep,
  sleepForever,
  sleepUntil,
  type Operation,
} from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

/** Counts the turns that a busy neighbour gets while an operation runs. */
function* turnsDuring(operation: () => Operation<unknown>): Operation<number> {
  return yield* openNursery(function* (nursery) {
    let turns = 0;
    nursery.startSoon(function* () {
      for (;;) {
        turns++;
        yield* cancelShieldedCheckpoint();
        if (nursery.cancelScope.cancelCalled) return;
      }
    });
    yield* cancelShieldedCheckpoint();
    const before = turns;
    try {
      yield* operation();
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
    nursery.cancelScope.cancel();
    return turns - before;
  });
}

function* inCancelledScope<T>(body: () => Operation<T>): Operation<T | undefined> {
  const scope = new CancelScope();
  scope.cancel();
  const { value } = yield* scope.run(body);
  return value;
}

function* checkpointless(): Operation<void> {}

describe("checkpoint", () => {
  test("gives all others one turn, then goes on (CKPT-4)", async () => {
    const { run } = virtualRun();
    await expect(run(() => turnsDuring(checkpoint))).resolves.toBe(1);
  });

  test("throws Cancelled in a cancelled scope, after one round (CKPT-8, T19)", async () => {
    const { run } = virtualRun();
    await expect(run(() => inCancelledScope(() => turnsDuring(checkpoint)))).resolves.toBe(1);
  });

  test("throws each time, a fresh object, for as long as the scope is not left (SCOPE-9, T20)", async () => {
    const { run } = virtualRun();
    const thrown: unknown[] = [];
    await run(() =>
      inCancelledScope(function* () {
        for (let i = 0; i < 3; i++) {
          try {
            yield* checkpoint();
          } catch (error) {
            thrown.push(error);
          }
        }
      }),
    );
    expect(thrown.map(isCancelled)).toEqual([true, true, true]);
    expect(new Set(thrown).size).toBe(3);
  });

  test("looks after its round: what is cancelled meanwhile is seen", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(function* () {
          const { cancelledCaught } = yield* scope.run(checkpoint);
          log(`caught: ${cancelledCaught}`);
        });
        nursery.startSoon(function* () {
          scope.cancel();
        });
      }),
    );
    expect(trace.messages).toEqual(["caught: true"]);
  });

  test("looks after its round: a shield that is raised meanwhile holds", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const scope = new CancelScope();
        nursery.startSoon(() => scope.run(checkpoint));
        nursery.startSoon(function* () {
          scope.shield = true;
        });
        nursery.cancelScope.cancel();
      }),
    );
  });

  test("notices a deadline that has passed (CKPT-4, T48)", async () => {
    const { run } = virtualRun();
    const result = await run(() =>
      new CancelScope().run(function* (scope) {
        scope.deadline = currentTime() - 1;
        yield* checkpoint();
        return "went on";
      }),
    );
    expect(result).toEqual({ cancelledCaught: true, value: undefined });
  });

  test("does not let time pass", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      moveOnAfter(10, function* () {
        for (let i = 0; i < 2000; i++) yield* checkpoint();
      }),
    );
    expect(host.now()).toBe(0);
  });
});

describe("checkpointIfCancelled", () => {
  test("returns at once, without a round, where nothing is cancelled (CKPT-5)", async () => {
    const { run } = virtualRun();
    await expect(run(() => turnsDuring(checkpointIfCancelled))).resolves.toBe(0);
  });

  test("throws Cancelled after a round in a cancelled scope (CKPT-5, CKPT-8, T19)", async () => {
    const { run } = virtualRun();
    await expect(
      run(() => inCancelledScope(() => turnsDuring(checkpointIfCancelled))),
    ).resolves.toBe(1);
    await expect(
      run(() => inCancelledScope(() => checkpointIfCancelled())),
    ).resolves.toBeUndefined();
  });

  test("does not notice by itself that a deadline has passed (CKPT-6)", async () => {
    const { run } = virtualRun();
    const result = await run(() =>
      new CancelScope().run(function* (scope) {
        scope.deadline = currentTime() - 1;
        yield* checkpointIfCancelled();
        return "went on";
      }),
    );
    expect(result.value).toBe("went on");
  });
});

describe("cancelShieldedCheckpoint", () => {
  test("gives all others one turn (CKPT-7, TRAP-3)", async () => {
    const { run } = virtualRun();
    await expect(run(() => turnsDuring(cancelShieldedCheckpoint))).resolves.toBe(1);
  });

  test("never throws Cancelled (CKPT-7, T19)", async () => {
    const { run } = virtualRun();
    const value = await run(() =>
      inCancelledScope(function* () {
        yield* cancelShieldedCheckpoint();
        return "went on";
      }),
    );
    expect(value).toBe("went on");
  });
});

test("all checkpoints of a cancelled scope throw, but for the one that is shielded (CKPT-5, CKPT-7, T19)", async () => {
  const { run, trace, log } = virtualRun();
  const operations: readonly (readonly [string, () => Operation<void>])[] = [
    ["checkpoint", checkpoint],
    ["checkpointIfCancelled", checkpointIfCancelled],
    ["cancelShieldedCheckpoint", cancelShieldedCheckpoint],
    ["sleep", () => sleep(10)],
    ["sleepUntil", () => sleepUntil(-1)],
    ["sleepForever", sleepForever],
  ];
  await run(() =>
    inCancelledScope(function* () {
      for (const [name, operation] of operations) {
        try {
          yield* operation();
          log(`${name}: passed`);
        } catch (error) {
          log(`${name}: ${isCancelled(error) ? "cancelled" : "failed"}`);
        }
      }
    }),
  );
  expect(trace.entries).toEqual([
    [0, "checkpoint: cancelled"],
    [0, "checkpointIfCancelled: cancelled"],
    [0, "cancelShieldedCheckpoint: passed"],
    [0, "sleep: cancelled"],
    [0, "sleepUntil: cancelled"],
    [0, "sleepForever: cancelled"],
  ]);
});

test("entering a nursery is no checkpoint, and its end is a round without a look (CKPT-3)", async () => {
  const { run } = virtualRun();
  const turns = await run(() =>
    inCancelledScope(() => turnsDuring(() => openNursery(checkpointless))),
  );
  expect(turns).toBe(1);
});

describe("what waits", () => {
  const settled = (): Event => {
    const event = new Event();
    event.set();
    return event;
  };
  test.each([
    ["sleep(0)", () => sleep(0)],
    ["the wait for an event that is set", () => settled().wait()],
  ])(
    "is a checkpoint also where there is nothing to wait for: %s (CKPT-1, CKPT-10, T227)",
    async (_name, operation) => {
      const { run } = virtualRun();
      await expect(run(() => turnsDuring(operation))).resolves.toBe(1);
      await expect(run(() => inCancelledScope(() => operation()))).resolves.toBeUndefined();
    },
  );

  test("is cancelled after one round in a cancelled scope (CKPT-8, T19)", async () => {
    const { run } = virtualRun();
    await expect(run(() => inCancelledScope(() => turnsDuring(() => sleep(10))))).resolves.toBe(1);
    await expect(
      run(() => inCancelledScope(() => turnsDuring(() => new Event().wait()))),
    ).resolves.toBe(1);
  });
});

import { inspect } from "node:util";
import { TrestleError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  Cancelled,
  CancelledConstructorError,
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  isCancelled,
  moveOnAfter,
  named,
  openNursery,
  sleep,
  sleepForever,
  type CancelledCause,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

/** Gives the Cancelled that an operation throws. */
function* cancelledOf(operation: () => Operation<unknown>): Operation<Cancelled> {
  try {
    yield* operation();
  } catch (error) {
    if (isCancelled(error)) return error;
  }
  throw new Error("Expected a Cancelled.");
}

/** Gives the Cancelled of a checkpoint in a scope that was cancelled so, by a task named "main". */
async function cancelledBy(
  cancel: (scope: CancelScope) => void,
  scope = new CancelScope(),
): Promise<Cancelled> {
  const { run } = virtualRun();
  const main = function* (): Operation<Cancelled> {
    const { value } = yield* scope.run(function* () {
      cancel(scope);
      return yield* cancelledOf(sleepForever);
    });
    return value as Cancelled;
  };
  return run(named("main", main));
}

describe("a Cancelled", () => {
  test("is an Error, and a Cancelled, and nothing else is one", async () => {
    const cancelled = await cancelledBy((scope) => scope.cancel());
    expect(cancelled).toBeInstanceOf(Error);
    expect(cancelled).toBeInstanceOf(Cancelled);
    expect(isCancelled(cancelled)).toBe(true);
    expect(cancelled).not.toBeInstanceOf(TrestleError);
    for (const other of [new Error("no"), undefined, null, "Cancelled", { name: "Cancelled" }]) {
      expect(isCancelled(other)).toBe(false);
    }
  });

  test("cannot be constructed, not by a subclass either (SCOPE-27, T105)", () => {
    expect(() => new Cancelled()).toThrow(CancelledConstructorError);
    class Mine extends Cancelled {}
    expect(() => new Mine()).toThrow(/^Cannot construct 'Cancelled': only the runtime makes it/);
  });

  test("is a fresh object each time, of the same cause (REASON-9)", async () => {
    const { run } = virtualRun();
    const thrown: Cancelled[] = [];
    await run(() =>
      moveOnAfter(0, function* () {
        thrown.push(yield* cancelledOf(checkpoint));
        thrown.push(yield* cancelledOf(checkpoint));
      }),
    );
    expect(thrown[0]).not.toBe(thrown[1]);
    expect(thrown[0]?.cause).toEqual(thrown[1]?.cause);
  });

  test("says in a line why, and has no more of a stack", async () => {
    const cancelled = await cancelledBy((scope) => scope.cancel("the user went away"));
    const text = `Cancelled: cancelled (explicit) by task 'main': "the user went away" (string)`;
    expect(String(cancelled)).toBe(text);
    expect(cancelled.stack).toBe(text);
    expect(cancelled.name).toBe("Cancelled");
  });

  test("is printed as that line, without the runtime behind it", async () => {
    const cancelled = await cancelledBy((scope) => scope.cancel());
    expect(inspect(cancelled)).toBe("Cancelled: cancelled (explicit) by task 'main'");
    expect(Object.keys(cancelled)).toEqual([]);
  });
});

describe("the text of a Cancelled (REASON-2, T106)", () => {
  const texts: readonly (readonly [string, string, (scope: CancelScope) => void])[] = [
    ["by a task", "cancelled (explicit) by task 'main'", (scope) => scope.cancel()],
    [
      "by a task, with a reason",
      `cancelled (explicit) by task 'main': "no time" (string)`,
      (scope) => scope.cancel("no time"),
    ],
    [
      "by a task, with an error for a reason",
      "cancelled (explicit) by task 'main': Error: broken",
      (scope) => scope.cancel(new Error("broken")),
    ],
    ["by a deadline", "cancelled (deadline)", (scope) => (scope.relativeDeadline = 1)],
  ];

  test.each(texts)("that was cancelled %s is '%s'", async (_how, text, cancel) => {
    const cancelled = await cancelledBy(cancel);
    expect(cancelled.message).toBe(text);
  });

  test.each([
    [undefined, "cancelled (explicit)"],
    ["shutting down", `cancelled (explicit): "shutting down" (string)`],
  ])("by nobody, for the reason %j, is '%s'", async (reason, text) => {
    const { run, host } = virtualRun();
    const scope = new CancelScope();
    host.at(1, () => scope.cancel(reason));
    const result = await run(() => scope.run(() => cancelledOf(sleepForever)));
    expect(result.value?.message).toBe(text);
  });
});

test("a copy of a Cancelled, as test runners make them, says less and does not throw", async () => {
  const cancelled = await cancelledBy((scope) => scope.cancel());
  const copy = Object.create(Object.getPrototypeOf(cancelled) as object) as Cancelled;
  expect([String(copy), inspect(copy), copy.stack]).toEqual(Array(3).fill("Cancelled: cancelled"));
  expect(copy.cause).toBeUndefined();
  expect(() => expect([cancelled]).toEqual([1])).toThrow("to deeply equal [ 1 ]");
});

describe("the cause of a Cancelled", () => {
  test("tells the reason and the task of an explicit cancel (REASON-1, REASON-3, T108)", async () => {
    const scope = new CancelScope({ name: "mine" });
    const reason = { code: 7 };
    const { cause } = await cancelledBy((inside) => inside.cancel(reason), scope);
    expect(cause).toEqual({ kind: "explicit", reason, task: "main", scope });
    expect(cause.scope).toBe(scope);
  });

  test("names no task where a plain callback cancelled (REASON-3)", async () => {
    const { run, host } = virtualRun();
    const scope = new CancelScope();
    host.at(1, () => scope.cancel());
    const result = await run(() => scope.run(() => cancelledOf(sleepForever)));
    expect(result.value?.cause).toEqual({
      kind: "explicit",
      reason: undefined,
      task: undefined,
      scope,
    });
    expect(result.value?.message).toBe("cancelled (explicit)");
  });

  test("tells a deadline that the scope was given, and one that it was set (T108)", async () => {
    const { run, host } = virtualRun();
    const scope = new CancelScope({ deadline: 5 });
    const result = await run(() => scope.run(() => cancelledOf(sleepForever)));
    expect(host.now()).toBe(5);
    expect(result.value?.cause).toEqual({
      kind: "deadline",
      reason: undefined,
      task: undefined,
      scope,
    });
    const cancelled = await cancelledBy((scope) => {
      scope.relativeDeadline = 5;
    });
    expect(cancelled.cause).toMatchObject({ kind: "deadline", reason: undefined, task: undefined });
    expect(cancelled.message).toBe("cancelled (deadline)");
  });

  test("tells which child failed, and how (REASON-4, T110)", async () => {
    const { run } = virtualRun();
    const error = new Error("the child's");
    let cause: CancelledCause | undefined;
    const main = function* (): Operation<void> {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(
          named("broken", function* () {
            yield* sleep(10);
            throw error;
          }),
        );
        cause = (yield* cancelledOf(sleepForever)).cause;
      });
    };
    await expect(run(main)).rejects.toThrow("1 error in the nursery");
    expect(cause).toMatchObject({ kind: "nursery", reason: error, task: "broken" });
  });

  test("tells that the body failed, as the task of the nursery (REASON-4, T113)", async () => {
    const { run } = virtualRun();
    const error = new Error("the body's");
    let cause: CancelledCause | undefined;
    const main = function* (): Operation<void> {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          cause = (yield* cancelledOf(sleepForever)).cause;
        });
        yield* sleep(10);
        throw error;
      });
    };
    await expect(run(named("main", main))).rejects.toThrow("1 error in the nursery");
    expect(cause).toMatchObject({ kind: "nursery", reason: error, task: "main" });
  });

  test("is the same for those that start after the failure, also through start (T109)", async () => {
    const { run } = virtualRun();
    const error = new Error("the child's");
    const causes: CancelledCause[] = [];
    const note = function* (): Operation<void> {
      const cancelled = yield* cancelledOf(checkpoint);
      causes.push(cancelled.cause);
      throw cancelled;
    };
    const main = function* (): Operation<void> {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(
          named("broken", function* () {
            throw error;
          }),
        );
        yield* cancelShieldedCheckpoint();
        nursery.startSoon(note);
        yield* nursery.start((_status: TaskStatus) => note());
      });
    };
    await expect(run(main)).rejects.toThrow("1 error in the nursery");
    expect(causes).toHaveLength(2);
    for (const cause of causes)
      expect(cause).toMatchObject({ kind: "nursery", reason: error, task: "broken" });
  });

  test("tells a start that failed in the body as a failure of the body (REASON-8, T111)", async () => {
    const { run } = virtualRun();
    const error = new Error("of the starting child");
    let cause: CancelledCause | undefined;
    const main = function* (): Operation<void> {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          cause = (yield* cancelledOf(sleepForever)).cause;
        });
        yield* nursery.start(function* (_status: TaskStatus) {
          yield* sleep(10);
          throw error;
        });
      });
    };
    await expect(run(named("main", main))).rejects.toThrow("1 error in the nursery");
    expect(cause).toMatchObject({ kind: "nursery", reason: error, task: "main" });
  });

  test("stays the first one: explicit before the deadline, and the deadline before the call (REASON-5, T112)", async () => {
    const explicit = await cancelledBy((scope) => {
      scope.cancel("first");
      scope.deadline = -1;
    });
    expect(explicit.cause).toMatchObject({ kind: "explicit", reason: "first" });
    const deadline = await cancelledBy(
      (scope) => scope.cancel("too late"),
      new CancelScope({ deadline: -1 }),
    );
    expect(deadline.cause.kind).toBe("deadline");
  });

  test("is that of the scope that will catch, not of the innermost (REASON-7, ours)", async () => {
    const { run } = virtualRun();
    const [outer, inner] = [new CancelScope(), new CancelScope()];
    const result = await run(() =>
      outer.run(function* () {
        const caught = yield* inner.run(function* () {
          inner.cancel("inner");
          const first = yield* cancelledOf(checkpoint);
          outer.cancel("outer");
          return [first, yield* cancelledOf(checkpoint)];
        });
        return caught.value;
      }),
    );
    expect(result.value?.map(({ cause }) => cause.scope)).toEqual([inner, outer]);
    expect(result.value?.map(({ cause }) => cause.reason)).toEqual(["inner", "outer"]);
  });

  test("tells a deadlock", async () => {
    const { run } = virtualRun();
    let kind: string | undefined;
    await expect(
      run(function* () {
        const cancelled = yield* cancelledOf(sleepForever);
        kind = cancelled.cause.kind;
        throw cancelled;
      }),
    ).rejects.toThrow("everything is parked");
    expect(kind).toBe("deadlock");
  });
});

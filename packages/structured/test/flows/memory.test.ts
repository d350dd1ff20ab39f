// What has ended is not kept: neither by the runtime nor by what goes on. Each test looks whether an object can be collected.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  Event,
  fromPromise,
  isCancelled,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep,
  sleepForever,
  type Nursery,
  type Operation,
  type Task,
} from "../../src/index.js";
import type { TaskRecord } from "../../src/task-record.js";
import { virtualRun } from "../virtual-run.js";

let collect: () => void;
beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collect = runInNewContext("gc") as () => void;
});
afterAll(() => setFlagsFromString("--no-expose-gc"));

/** Objects to be collected; what makes them must not keep them. */
class Suspects {
  readonly #references: WeakRef<object>[] = [];

  add<T extends object>(suspect: T): T {
    this.#references.push(new WeakRef(suspect));
    return suspect;
  }

  /** How many are still there. A WeakRef keeps its target until the job that looked at it is over, hence the turn. */
  *alive(): Operation<number> {
    yield* fromPromise(new Promise<void>((resolve) => void setImmediate(resolve)));
    collect();
    return this.#references.filter((reference) => reference.deref() !== undefined).length;
  }

  get count(): number {
    return this.#references.length;
  }
}

/** Runs a program that fills `suspects`, beside a task that goes on, and gives how many of them are kept then. */
async function keptBy(
  program: (suspects: Suspects, nursery: Nursery) => Operation<unknown>,
): Promise<number> {
  const { run } = virtualRun();
  const suspects = new Suspects();
  const kept = await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(sleepForever);
      yield* openNursery(function* (inner) {
        inner.startSoon(program, suspects, nursery);
      });
      yield* checkpoint();
      const alive = yield* suspects.alive();
      nursery.cancelScope.cancel();
      return alive;
    }),
  );
  expect(suspects.count).toBeGreaterThan(0);
  return kept;
}

/** Some memory of a task's own, which lives as long as its generator. */
function* holdingOn(suspect: object, operation: () => Operation<unknown>): Operation<object> {
  yield* operation();
  return suspect;
}

test("what is kept is found", async () => {
  const keeper: object[] = [];
  const kept = await keptBy(function* (suspects) {
    keeper.push(suspects.add({}));
    suspects.add({});
    yield* checkpoint();
  });
  expect(kept).toBe(keeper.length);
});

describe("what a nursery that goes on does not keep", () => {
  test("a child that has ended: its task, its generator and its value", async () => {
    const kept = await keptBy(function* (suspects, nursery) {
      const start = (): void =>
        void suspects.add(nursery.startSoon(holdingOn, suspects.add({}), () => sleep(1)));
      start();
      yield* sleep(10);
    });
    expect(kept).toBe(0);
  });

  test("a child that was cancelled alone (T97)", async () => {
    const kept = await keptBy(function* (suspects, nursery) {
      const start = (): void => {
        const task = suspects.add(nursery.startSoon(holdingOn, suspects.add({}), sleepForever));
        nursery.startSoon(function* () {
          task.cancel();
        });
      };
      start();
      yield* sleep(10);
    });
    expect(kept).toBe(0);
  });

  test("what its children held, when it was cancelled as a whole (RUN-15, T96, T97)", async () => {
    const kept = await keptBy(function* (suspects) {
      yield* openNursery(function* (inner) {
        for (let i = 0; i < 3; i++) inner.startSoon(holdingOn, suspects.add({}), sleepForever);
        yield* checkpoint();
        suspects.add(inner).cancelScope.cancel();
        yield* holdingOn(suspects.add({}), sleepForever);
      });
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("a child whose error was caught, nor the error (RUN-15, T96)", async () => {
    const kept = await keptBy(function* (suspects) {
      const fail = function* (): Operation<void> {
        yield* checkpoint();
        throw suspects.add(new Error("caught"));
      };
      try {
        yield* openNursery(function* (inner) {
          inner.startSoon(sleepForever);
          inner.startSoon(fail);
        });
      } catch (error) {
        suspects.add(error as Error);
      }
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("a child that came through start", async () => {
    const kept = await keptBy(function* (suspects, nursery) {
      yield* nursery.start(function* (status) {
        suspects.add(status);
        status.started(undefined);
        yield* holdingOn(suspects.add({}), () => sleep(1));
      });
      yield* sleep(10);
    });
    expect(kept).toBe(0);
  });
});

test("a task that has ended keeps its outcome for those who hold it, and nothing of its memory", async () => {
  const held: Task<unknown>[] = [];
  const kept = await keptBy(function* (suspects, nursery) {
    const child = function* (suspect: object): Operation<string> {
      yield* sleep(1);
      return suspect === undefined ? "no" : "value";
    };
    held.push(nursery.startSoon(() => child(suspects.add({}))));
    yield* sleep(10);
  });
  expect(kept).toBe(0);
  expect(held.map(({ outcome }) => outcome)).toEqual([{ ok: true, value: "value" }]);
});

describe("what a task that goes on does not keep", () => {
  test("a scope that was left, and its body's locals", async () => {
    const kept = await keptBy(function* (suspects) {
      yield* suspects.add(new CancelScope()).run(() => holdingOn(suspects.add({}), checkpoint));
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("a scope that caught its cancellation (RUN-15, T96)", async () => {
    const kept = await keptBy(function* (suspects) {
      const enter = (): Operation<unknown> => {
        const scope = suspects.add(new CancelScope());
        return scope.run(() => {
          scope.cancel();
          return holdingOn(suspects.add({}), checkpoint);
        });
      };
      yield* enter();
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("a scope whose deadline lay far ahead when it was left (SCOPE-33)", async () => {
    const kept = await keptBy(function* (suspects) {
      yield* moveOnAfter(1_000_000, function* (scope) {
        suspects.add(scope);
        yield* checkpoint();
      });
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("deadlines that were moved away, thousands of them (SCOPE-33, T95)", async () => {
    const live = 7;
    const kept = await keptBy(function* (suspects) {
      const { runner } = currentTask() as TaskRecord;
      const addAlarm = runner.addAlarm.bind(runner);
      runner.addAlarm = (alarm) => addAlarm(suspects.add(alarm));
      const scopes = Array.from({ length: live }, () => new CancelScope());
      const rewrite = function* (depth: number): Operation<void> {
        const scope = scopes[depth];
        if (scope !== undefined) {
          yield* scope.run(() => rewrite(depth + 1));
        } else {
          for (let i = 1; i <= 4000; i++) {
            for (const each of scopes) each.deadline = 1_000_000 - (i % 100);
          }
          yield* checkpoint();
          runner.addAlarm = addAlarm;
        }
      };
      yield* rewrite(0);
    });
    // What was removed may stay until it is more than half of all.
    expect(kept).toBeLessThanOrEqual(4 * live);
  });

  test("a scope whose deadline lay behind another one that is still to come, nor a sleep that was cut off there", async () => {
    const kept = await keptBy(function* (suspects, nursery) {
      nursery.startSoon(sleep, 500_000);
      yield* checkpoint();
      yield* moveOnAfter(1_000_000, function* (scope) {
        suspects.add(scope);
        yield* checkpoint();
      });
      const start = (): void => {
        const task = suspects.add(
          nursery.startSoon(holdingOn, suspects.add({}), () => sleep(1_000_000)),
        );
        nursery.startSoon(function* () {
          task.cancel();
        });
      };
      start();
      yield* sleep(10);
    });
    expect(kept).toBe(0);
  });

  test("a nursery that was left (T96)", async () => {
    const kept = await keptBy(function* (suspects) {
      yield* openNursery(function* (nursery) {
        suspects.add(nursery);
        suspects.add(nursery.cancelScope);
        nursery.startSoon(checkpoint);
      });
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });

  test("a Cancelled that it has swallowed", async () => {
    const kept = await keptBy(function* (suspects) {
      yield* moveOnAfter(0, function* () {
        try {
          yield* checkpoint();
        } catch (error) {
          if (isCancelled(error)) suspects.add(error);
        }
      });
      yield* checkpoint();
    });
    expect(kept).toBe(0);
  });
});

describe("what one can wait at does not keep", () => {
  test("those who gave up waiting", async () => {
    const event = new Event();
    const [, receive] = openMemoryChannel<number>(0);
    const kept = await keptBy(function* (suspects) {
      for (const wait of [() => event.wait(), () => receive.receive()]) {
        yield* moveOnAfter(1, () => holdingOn(suspects.add({}), wait));
      }
      yield* checkpoint();
    });
    expect(kept).toBe(0);
    expect(event.isSet || receive.statistics().tasksWaitingReceive > 0).toBe(false);
  });

  test("values that have been received", async () => {
    const [send, receive] = openMemoryChannel<object>(10);
    const kept = await keptBy(function* (suspects) {
      for (let i = 0; i < 5; i++) send.sendNowait(suspects.add({}));
      for (let i = 0; i < 5; i++) yield* receive.receive();
      yield* checkpoint();
    });
    expect(kept).toBe(0);
    expect(receive.statistics().currentBufferUsed).toBe(0);
  });

  test("the task that gave up a promise which never settles", async () => {
    const never = new Promise<void>(() => {});
    const kept = await keptBy(function* (suspects, nursery) {
      const start = (): void => {
        const task = suspects.add(
          nursery.startSoon(holdingOn, suspects.add({}), () => fromPromise(never)),
        );
        nursery.startSoon(function* () {
          task.cancel();
        });
      };
      start();
      yield* sleep(10);
    });
    expect(kept).toBe(0);
    await expect(Promise.race([never, Promise.resolve("pending")])).resolves.toBe("pending");
  });
});

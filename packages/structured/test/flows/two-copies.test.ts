// Two copies of the package in one process: installed twice, or as ESM and as CJS. With the same shape of what they share
// they work in one another's runs; with another shape each use says so.
import { VersionMismatchError, type DeadlockError } from "@trestle/host";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as ours from "../../src/index.js";
import * as oursLowlevel from "../../src/lowlevel.js";
import type { Operation, Task, TaskStatus } from "../../src/index.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

type Structured = typeof ours;

let theirs: Structured;
let theirsLowlevel: typeof oursLowlevel;
beforeAll(async () => {
  vi.resetModules();
  theirs = await import("../../src/index.js");
  theirsLowlevel = await import("../../src/lowlevel.js");
});

test("they are two copies", () => {
  expect(theirs.CancelScope).not.toBe(ours.CancelScope);
  expect(theirs.sleep).not.toBe(ours.sleep);
});

describe("a run of one copy", () => {
  test("takes operations of the other", async () => {
    const { run, host } = virtualRun();
    const value = await run(() =>
      ours.openNursery(function* (nursery) {
        const [send, receive] = theirs.openMemoryChannel<string>(0);
        const event = new theirs.Event();
        nursery.startSoon(function* () {
          yield* theirs.sleep(10);
          event.set();
          yield* send.send("value");
        });
        yield* theirs.checkpoint();
        yield* event.wait();
        yield* theirs.fromPromise(Promise.resolve());
        yield* new theirs.Lock().hold(() => ours.sleep(5));
        return yield* receive.receive();
      }),
    );
    expect(value).toBe("value");
    expect(host.now()).toBe(15);
  });

  test("has one current task and one time for both", async () => {
    const { run } = virtualRun();
    await run(function* () {
      yield* theirs.sleep(10);
      expect(theirs.currentTask()).toBe(ours.currentTask());
      expect([theirs.currentTime(), ours.currentTime()]).toEqual([10, 10]);
      expect(theirs.inStructuredTask()).toBe(true);
    });
    expect(theirs.inStructuredTask()).toBe(false);
  });

  test.each(["ours outside", "theirs outside"])("has one tree of scopes: %s", async (order) => {
    const { run } = virtualRun();
    const [Outer, Inner] =
      order === "ours outside"
        ? [ours.CancelScope, theirs.CancelScope]
        : [theirs.CancelScope, ours.CancelScope];
    const [outer, inner, shielded] = [new Outer(), new Inner(), new Inner({ shield: true })];
    await run(() =>
      outer.run(function* () {
        yield* inner.run(function* () {
          inner.cancel();
          yield* ours.sleep(10);
        });
        outer.cancel();
        yield* shielded.run(() => theirs.sleep(10));
        yield* theirs.checkpoint();
      }),
    );
    expect([outer.cancelledCaught, inner.cancelledCaught, shielded.cancelledCaught]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("has variables, system tasks and calls from outside of the other", async () => {
    const { run, trace, log } = virtualRun();
    const variable = new theirs.RunVar<string>("name");
    await run(function* main() {
      variable.set("theirs");
      expect(theirs.currentRootTask()).toBe(ours.currentRootTask());
      theirsLowlevel.spawnSystemTask(function* () {
        try {
          yield* ours.sleepForever();
        } finally {
          log(`unwinds with ${variable.get()}`);
        }
      });
      theirsLowlevel.currentRunToken().runSoon(() => log("called"));
      yield* ours.sleep(10);
      expect(theirsLowlevel.currentRunToken()).toBe(oursLowlevel.currentRunToken());
      expect(oursLowlevel.currentRunStatistics().tasksLiving).toBe(2);
    });
    expect(trace.entries).toEqual([
      [0, "called"],
      [10, "unwinds with theirs"],
    ]);
  });

  test("has nurseries of the other, whose children it cancels and waits for", async () => {
    const { run, trace, log } = virtualRun();
    const child = function* (name: string): Operation<void> {
      try {
        yield* ours.sleepForever();
      } finally {
        log(name);
      }
    };
    const result = await run(() =>
      ours.moveOnAfter(10, () =>
        theirs.openNursery(function* (nursery) {
          nursery.startSoon(child, "a");
          nursery.startSoon(() =>
            ours.openNursery(function* (inner) {
              inner.startSoon(child, "b");
            }),
          );
        }),
      ),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(trace.entries).toEqual([
      [10, "a"],
      [10, "b"],
    ]);
  });

  test("starts children in a nursery of the other, and moves what they have opened", async () => {
    const { run, host } = virtualRun();
    const server = function* (status: TaskStatus<string>): Operation<void> {
      yield* ours.moveOnAfter(30, function* () {
        yield* theirs.sleep(5);
        status.started("ready");
        yield* ours.sleepForever();
      });
    };
    await run(() =>
      theirs.openNursery(function* (nursery) {
        yield* ours.moveOnAfter(10, function* () {
          expect(yield* nursery.start(server)).toBe("ready");
          yield* ours.sleepForever();
        });
      }),
    );
    expect(host.now()).toBe(30);
  });

  test("cancels a task alone that has scopes of the other open", async () => {
    const { run } = virtualRun();
    const scope = new theirs.CancelScope();
    await run(() =>
      ours.openNursery(function* (nursery) {
        const task: Task<unknown> = nursery.startSoon(() => scope.run(() => theirs.sleepForever()));
        yield* ours.sleep(10);
        task.cancel();
        yield* ours.sleep(10);
        expect(task.outcome?.ok).toBe(false);
        expect(scope.cancelledCaught).toBe(false);
      }),
    );
  });

  test("has the same variables in both, by the variable's identity", async () => {
    const { run } = virtualRun();
    const variable = new theirs.ContextVar("id", { defaultValue: "none" });
    const seen = await run(() =>
      ours.openNursery(function* (nursery) {
        variable.set("value");
        return yield* nursery
          .startSoon(function* () {
            return variable.get();
          })
          .join();
      }),
    );
    expect(seen).toBe("value");
  });

  test("names the tasks of both in a report", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      theirs.openNursery(function* (nursery) {
        nursery.startSoon(ours.named("child", theirs.sleepForever));
      });
    const deadlock = (await rejectionOf(run(ours.named("main", main)))) as DeadlockError;
    const lines = [
      "task 'main' waits for the end of its nursery (1 child left)",
      "task 'child' waits for its cancellation (it sleeps for ever)",
    ];
    expect(deadlock.parked).toEqual(lines);
    const late = (await rejectionOf(
      run(ours.named("main", () => ours.failAfter(10, main))),
    )) as ours.TooSlowError;
    expect(late.blocked).toEqual(lines);
  });
});

describe("the errors of one copy", () => {
  test("are recognized by the other", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(run(() => ours.failAfter(10, () => ours.sleepForever())));
    expect(error).toBeInstanceOf(theirs.TooSlowError);
    expect(error).not.toBeInstanceOf(theirs.NotStartedError);
  });

  test("end its channels' each in the other's hands", async () => {
    const { run } = virtualRun();
    const [send, receive] = theirs.openMemoryChannel<number>(1);
    send.close();
    await expect(rejectionOf(run(() => receive.receive()))).resolves.toBeInstanceOf(
      ours.EndOfChannel,
    );
    await run(() => receive.each(() => ours.checkpoint()));
  });

  test("are Cancelled in both, and no error of a group", async () => {
    const { run } = virtualRun();
    const failure = new Error("of a child");
    const seen: boolean[] = [];
    const main = (): Operation<void> =>
      theirs.openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          try {
            yield* ours.sleepForever();
          } catch (error) {
            seen.push(
              theirs.isCancelled(error),
              error instanceof theirs.Cancelled,
              error instanceof ours.Cancelled,
            );
            throw error;
          }
        });
        yield* ours.sleep(10);
        throw failure;
      });
    await expect(groupedErrorsOf(run(main))).resolves.toEqual([failure]);
    expect(seen).toEqual([true, true, true]);
  });
});

describe("a copy whose shared state has another shape", () => {
  const key = Symbol.for("trestle.process-wide:@trestle/structured");
  const registry = globalThis as unknown as Record<symbol, { version: number; state: object }>;
  const present = registry[key] as { version: number; state: object };
  afterEach(() => {
    registry[key] = present;
    // Test files that come after this one share its modules.
    vi.resetModules();
  });

  test("can be loaded, and refuses each use with the name of the package and both versions", async () => {
    registry[key] = { version: present.version + 1, state: present.state };
    vi.resetModules();
    const stranger = await import("../../src/index.js");
    registry[key] = present;
    const text = `Cannot use '@trestle/structured': two copies of it are loaded that do not fit together (state version ${present.version} here, ${present.version + 1} in the copy loaded first).`;
    expect(() => stranger.currentTime()).toThrow(VersionMismatchError);
    expect(() => stranger.currentTime()).toThrow(text);
    expect(() => stranger.run(() => stranger.checkpoint())).toThrow(text);
    const { run } = virtualRun();
    await expect(run(() => stranger.sleep(10))).rejects.toThrow(text);
    await expect(run(() => stranger.openNursery(() => ours.checkpoint()))).rejects.toThrow(text);
    await expect(run(() => ours.sleep(10))).resolves.toBeUndefined();
  });
});

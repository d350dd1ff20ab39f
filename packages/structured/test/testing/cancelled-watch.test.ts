import { success } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { requireTask } from "../../src/ambient.js";
import {
  CancelScope,
  checkpoint,
  checkpointIfCancelled,
  Event,
  isCancelled,
  openNursery,
  sleep,
  type Operation,
} from "../../src/index.js";
import { suspend } from "../../src/lowlevel.js";
import { watchCancelled } from "../../src/testing/cancelled-watch.js";
import { virtualRun } from "../virtual-run.js";

/** How many Cancelleds an operation is thrown, in a scope that is cancelled after a time. */
function thrownIn(ms: number, operation: () => Operation<unknown>): Promise<number> {
  const { run, host } = virtualRun();
  const scope = new CancelScope();
  if (ms === 0) scope.cancel();
  else host.at(ms, () => scope.cancel());
  return run(function* () {
    let count = 0;
    watchCancelled(requireTask("test"), (error) => {
      expect(isCancelled(error)).toBe(true);
      count++;
    });
    yield* scope.run(operation);
    return count;
  });
}

const committed = (): Operation<void> =>
  suspend<void>((resume) => {
    let done = (): void => {};
    queueMicrotask(() => done());
    return () => {
      done = () => resume(success());
      return "committed";
    };
  }, "something that cannot be taken back");

describe("watching the Cancelleds of a task", () => {
  test.for([
    ["a checkpoint", () => checkpoint()],
    ["a look", () => checkpointIfCancelled()],
    ["a sleep", () => sleep(10)],
    ["an event", () => new Event().wait()],
  ] as const)("sees the one of %s that was cancelled before", async ([, operation]) => {
    await expect(thrownIn(0, operation)).resolves.toBe(1);
  });

  test("sees one that interrupts a wait", async () => {
    await expect(thrownIn(5, () => sleep(10))).resolves.toBe(1);
  });

  test("does not take one that was offered, and not taken, for thrown", async () => {
    await expect(thrownIn(0, committed)).resolves.toBe(0);
  });

  test("sees each of a task that goes on", async () => {
    const stubborn = function* (): Operation<void> {
      for (let i = 0; i < 3; i++) {
        try {
          yield* checkpoint();
        } catch {
          // That is what is shown.
        }
      }
    };
    await expect(thrownIn(0, stubborn)).resolves.toBe(3);
  });

  test("does not see those of other tasks", async () => {
    const own = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => sleep(10));
        yield* new CancelScope({ shield: true }).run(() => sleep(20));
      });
    await expect(thrownIn(5, own)).resolves.toBe(0);
  });
});

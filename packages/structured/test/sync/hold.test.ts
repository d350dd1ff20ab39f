import { describe, expect, test } from "vitest";
import {
  CapacityLimiter,
  checkpoint,
  Lock,
  moveOnAfter,
  openNursery,
  ReleaseError,
  Semaphore,
  sleep,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

const kinds = [
  ["a lock", () => new Lock(), (held: { locked?: boolean }) => held.locked === true],
  ["a semaphore", () => new Semaphore(1), (held: { value?: number }) => held.value === 0],
  [
    "a limiter",
    () => new CapacityLimiter(1),
    (held: { borrowedTokens?: number }) => held.borrowedTokens === 1,
  ],
] as const;

describe.each(kinds)("hold of %s", (_name, make, isHeld) => {
  test("holds it while the body runs, hands arguments on and gives the value (CL-5, SYN-6)", async () => {
    const { run } = virtualRun();
    const thing = make();
    const add = function* (a: number, b: number): Operation<number> {
      expect(isHeld(thing)).toBe(true);
      yield* sleep(10);
      expect(isHeld(thing)).toBe(true);
      return a + b;
    };
    await expect(run(() => thing.hold(add, 1, 2))).resolves.toBe(3);
    expect(isHeld(thing)).toBe(false);
  });

  test("releases it when the body fails, and when it is cancelled", async () => {
    const { run } = virtualRun();
    const thing = make();
    const error = new Error("of the body");
    const failing = (): Operation<void> =>
      thing.hold(function* () {
        throw error;
      });
    await expect(rejectionOf(run(failing))).resolves.toBe(error);
    expect(isHeld(thing)).toBe(false);
    await run(() => moveOnAfter(10, () => thing.hold(sleepForever)));
    expect(isHeld(thing)).toBe(false);
  });

  test("does not run the body, nor release, when the acquiring is cancelled", async () => {
    const { run, trace, log } = virtualRun();
    const thing = make();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => thing.hold(() => sleep(20)));
        yield* checkpoint();
        yield* moveOnAfter(10, () =>
          thing.hold(function* () {
            log("not reached");
          }),
        );
        expect(isHeld(thing)).toBe(true);
      }),
    );
    expect(trace.messages).toEqual([]);
  });

  test("releases without a round: the end of the block is no checkpoint (SYN-6)", async () => {
    const { run, trace, log } = virtualRun();
    const thing = make();
    await run(() =>
      openNursery(function* (nursery) {
        yield* thing.hold(function* () {
          nursery.startSoon(function* () {
            log("the other task");
          });
        });
        log("after the block");
      }),
    );
    expect(trace.messages).toEqual(["after the block", "the other task"]);
  });
});

describe("a body that has released by itself", () => {
  test("is told so when it ends", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    const main = (): Operation<void> =>
      lock.hold(function* () {
        lock.release();
      });
    await expect(run(main)).rejects.toBeInstanceOf(ReleaseError);
  });

  test("keeps its own error", async () => {
    const { run } = virtualRun();
    const lock = new Lock();
    const error = new Error("of the body");
    const main = (): Operation<void> =>
      lock.hold(function* () {
        lock.release();
        throw error;
      });
    await expect(rejectionOf(run(main))).resolves.toBe(error);
  });
});

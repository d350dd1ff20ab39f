import { describe, expect, test } from "vitest";
import { BusyResourceError, moveOnAfter, openNursery, sleep } from "../../src/index.js";
import { ConflictDetector } from "../../src/streams/conflict-detector.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

describe("a conflict detector", () => {
  test("refuses the second of two at once, and lets the first go on (ABC-4)", async () => {
    const { run, host } = virtualRun();
    const conflicts = new ConflictDetector("use the thing");
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => conflicts.during(() => sleep(10)));
        yield* sleep(5);
        const error = yield* caughtBy(() => conflicts.during(() => sleep(10)));
        expect(error).toBeInstanceOf(BusyResourceError);
        expect(String(error)).toContain("Cannot use the thing: another task does so");
        expect(() => conflicts.enter()).toThrow(BusyResourceError);
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("lets the next one in however the first has ended", async () => {
    const { run } = virtualRun();
    const conflicts = new ConflictDetector("use the thing");
    await run(function* () {
      yield* moveOnAfter(1, () => conflicts.during(() => sleep(10)));
      const error = new Error("failed");
      const failing = conflicts.during(function* () {
        throw error;
      });
      expect(yield* caughtBy(() => failing)).toBe(error);
      yield* conflicts.during(() => sleep(1));
      conflicts.enter();
      conflicts.leave();
      conflicts.enter();
    });
  });
});

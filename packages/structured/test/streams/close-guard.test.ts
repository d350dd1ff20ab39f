import { describe, expect, test } from "vitest";
import { ClosedResourceError, moveOnAfter, openNursery, sleep } from "../../src/index.js";
import { CloseGuard } from "../../src/streams/close-guard.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

describe("a close guard", () => {
  test("ends what runs in it with ClosedResourceError, and lets nothing in afterwards (ABC-7)", async () => {
    const { run, host } = virtualRun();
    const guard = new CloseGuard();
    await run(() =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 2; i++) {
          nursery.startSoon(function* () {
            const error = yield* caughtBy(() => guard.during("wait", () => sleep(1000)));
            expect(error).toBeInstanceOf(ClosedResourceError);
          });
        }
        yield* sleep(10);
        guard.close();
        guard.close();
        expect(guard.isClosed).toBe(true);
        expect(() => guard.requireOpen("wait")).toThrow(ClosedResourceError);
        expect(yield* caughtBy(() => guard.during("wait", () => sleep(1)))).toBeInstanceOf(
          ClosedResourceError,
        );
      }),
    );
    expect(host.now()).toBe(10);
  });

  test("lets values, errors and cancellations through while it is open", async () => {
    const { run } = virtualRun();
    const guard = new CloseGuard();
    const failure = new Error("failed");
    await run(function* () {
      expect(
        yield* guard.during("give", function* () {
          yield* sleep(1);
          return 42;
        }),
      ).toBe(42);
      const failing = guard.during("fail", function* () {
        throw failure;
      });
      expect(yield* caughtBy(() => failing)).toBe(failure);
      const { cancelledCaught } = yield* moveOnAfter(1, () => guard.during("wait", () => sleep(9)));
      expect(cancelledCaught).toBe(true);
    });
  });

  test("gives a value that was there before the closing", async () => {
    const { run } = virtualRun();
    const guard = new CloseGuard();
    const value = await run(() =>
      guard.during("close", function* () {
        guard.close();
        return 42;
      }),
    );
    expect(value).toBe(42);
  });
});

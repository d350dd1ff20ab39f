import { describe, expect, test } from "vitest";
import { moveOnAfter, sleep, sleepForever, type Operation } from "../../src/index.js";
import { acloseForcefully } from "../../src/streams.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

describe("acloseForcefully", () => {
  test("closes in a cancelled scope, so nothing is waited for (ABC-3)", async () => {
    const { run, trace, log } = virtualRun();
    const slow = {
      *aclose(): Operation<void> {
        try {
          yield* sleep(1000);
        } finally {
          log("closed");
        }
      },
    };
    await run(() => acloseForcefully(slow));
    expect(trace.entries).toEqual([[0, "closed"]]);
  });

  test("passes on what the closing throws, and a cancellation from outside", async () => {
    const { run } = virtualRun();
    const error = new Error("cannot close");
    await run(function* () {
      const failing = {
        aclose(): Operation<void> {
          throw error;
        },
      };
      expect(yield* caughtBy(() => acloseForcefully(failing))).toBe(error);
      const { cancelledCaught } = yield* moveOnAfter(0, () =>
        acloseForcefully({ aclose: sleepForever }),
      );
      expect(cancelledCaught).toBe(true);
    });
  });
});

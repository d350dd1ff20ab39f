import { WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { checkpoint, moveOnAfter, sleep, type Operation } from "../../src/index.js";
import { closing, type AsyncResource } from "../../src/streams.js";
import { virtualRun } from "../virtual-run.js";
import { caughtBy } from "./caught-by.js";

function resource(log: (message: string) => void, error?: Error): AsyncResource {
  return {
    *aclose(): Operation<void> {
      log("closed");
      yield* checkpoint();
      if (error !== undefined) throw error;
    },
  };
}

describe("closing", () => {
  test("refuses what cannot be closed, before the body begins", async () => {
    const { run, trace, log } = virtualRun();
    const wrong = { close() {} } as unknown as AsyncResource;
    await expect(
      run(() =>
        closing(wrong, function* () {
          log("begun");
        }),
      ),
    ).rejects.toThrow("Cannot close an Object: it has no 'aclose'.");
    expect(trace.entries).toEqual([]);
  });

  test("gives the body's value, after the resource was closed (ABC-2)", async () => {
    const { run, trace, log } = virtualRun();
    const value = await run(() =>
      closing(
        resource(log),
        function* (given, suffix: string) {
          yield* sleep(10);
          log(`body with ${typeof given.aclose} and ${suffix}`);
          return 42;
        },
        "arguments",
      ),
    );
    expect(value).toBe(42);
    expect(trace.entries).toEqual([
      [10, "body with function and arguments"],
      [10, "closed"],
    ]);
  });

  test("throws an error of the closing where the body has thrown none", async () => {
    const { run, log } = virtualRun();
    const error = new Error("cannot close");
    await expect(run(() => closing(resource(log, error), () => checkpoint()))).rejects.toBe(error);
  });

  test("throws the body's error, whatever the closing does", async () => {
    const { run, trace, log } = virtualRun();
    const error = new Error("body");
    await run(function* () {
      for (const failure of [undefined, new Error("cannot close")]) {
        const closed = closing(resource(log, failure), function* () {
          throw error;
        });
        expect(yield* caughtBy(() => closed)).toBe(error);
      }
    });
    expect(trace.messages).toEqual(["closed", "closed"]);
  });

  test("closes where it is cancelled, and stays cancelled although the closing fails", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const { cancelledCaught } = yield* moveOnAfter(10, () =>
        closing(resource(log, new Error("cannot close")), () => sleep(1000)),
      );
      expect(cancelledCaught).toBe(true);
    });
    expect(trace.entries).toEqual([[10, "closed"]]);
  });

  test("closes also where the body is no structured function", async () => {
    const { run, trace, log } = virtualRun();
    await run(function* () {
      const error = yield* caughtBy(() => closing(resource(log), (async () => {}) as never));
      expect(error).toBeInstanceOf(WrongFlavorError);
    });
    expect(trace.messages).toEqual(["closed"]);
  });
});

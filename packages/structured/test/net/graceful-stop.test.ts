import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { moveOnAfter, openNursery } from "../../src/index.js";
import { GracefulStop } from "../../src/net.js";
import { virtualRun } from "../virtual-run.js";

test("is requested once, and keeps the first period", () => {
  const stop = new GracefulStop();
  expect([stop.isRequested, stop.gracePeriod]).toEqual([false, Number.POSITIVE_INFINITY]);
  stop.request({ gracePeriod: 100 });
  stop.request({ gracePeriod: 5 });
  expect([stop.isRequested, stop.gracePeriod]).toEqual([true, 100]);
});

test("without a period there is no end of waiting", () => {
  const stop = new GracefulStop();
  stop.request();
  expect(stop.gracePeriod).toBe(Number.POSITIVE_INFINITY);
});

test.each([-1, Number.NaN, "5"])(
  "refuses a period of %o, and is not requested by that",
  (period) => {
    const stop = new GracefulStop();
    expect(() => stop.request({ gracePeriod: period as number })).toThrow(ArgumentError);
    expect(stop.isRequested).toBe(false);
  },
);

test("wakes all who wait, from a plain callback, and later ones do not wait", async () => {
  const { run, host, trace, log } = virtualRun();
  const stop = new GracefulStop();
  host.at(10, () => stop.request());
  await run(() =>
    openNursery(function* (nursery) {
      for (const name of ["a", "b"]) {
        nursery.startSoon(function* () {
          yield* stop.wait();
          log(name);
        });
      }
      expect((yield* moveOnAfter(5, () => stop.wait())).cancelledCaught).toBe(true);
      yield* stop.wait();
      yield* stop.wait();
      log("body");
    }),
  );
  expect(trace.entries).toEqual([
    [10, "a"],
    [10, "b"],
    [10, "body"],
  ]);
});

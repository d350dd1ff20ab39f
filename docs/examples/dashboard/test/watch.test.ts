import { moveOnAfter, run, sleep, type Operation } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Monitor } from "../src/monitor.js";
import { watch, type Ask } from "../src/watch.js";

async function watched(ask: Ask, until: number): Promise<unknown> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const monitor = new Monitor("http://a.test/");
  const main = () =>
    moveOnAfter(until, () =>
      watch(monitor, ask, { every: 1000, timeout: 800 }, (_monitor, { answer, ms }) =>
        trace.log(`${answer} after ${ms} ms`),
      ),
    );
  await run(main, { host });
  return trace.entries;
}

test("asks at even times, gives each answer its time, and gives up what takes too long", async () => {
  const times = [20, 900, 700];
  function* ask(): Operation<number> {
    yield* sleep(times.shift() ?? 1);
    return 200;
  }
  expect(await watched(ask, 3500)).toEqual([
    [20, "200 after 20 ms"],
    [1800, "timeout after 800 ms"],
    [2700, "200 after 700 ms"],
    [3001, "200 after 1 ms"],
  ]);
});

test("tells what went wrong where there is no answer", async () => {
  function* ask(): Operation<number> {
    yield* sleep(5);
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    });
  }
  expect(await watched(ask, 500)).toEqual([[5, "ECONNREFUSED after 5 ms"]]);
});

test("another error is a mistake, and ends it", async () => {
  function* ask(): Operation<number> {
    throw new RangeError("a mistake");
  }
  await expect(watched(ask, 500)).rejects.toThrow("a mistake");
});

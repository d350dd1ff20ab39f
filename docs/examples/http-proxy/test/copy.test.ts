import { run, sleep, sleepForever, TooSlowError, type Operation } from "@trestle/structured";
import type { ReceiveStream, SendStream } from "@trestle/structured/streams";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { copy, whileMoving } from "../src/copy.js";

/** A source that gives pieces after pauses, and then stands still or ends. */
function source(pauses: readonly number[], then: "ends" | "hangs"): ReceiveStream {
  const left = [...pauses];
  return {
    *receiveSome(): Operation<Uint8Array> {
      const pause = left.shift();
      if (pause === undefined && then === "hangs") yield* sleepForever();
      yield* sleep(pause ?? 0);
      return new Uint8Array(pause === undefined ? 0 : 2);
    },
    *aclose() {},
  };
}

function sink(ms: number, log: (message: string) => void): SendStream {
  return {
    *sendAll(data): Operation<void> {
      yield* sleep(ms);
      log(`sent ${data.length}`);
    },
    waitSendAllMightNotBlock: () => sleep(0),
    *aclose() {},
  };
}

test("nothing is received before what came before has gone out, and all of it is counted", async () => {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const bytes = await run(() => copy(source([10, 10], "ends"), sink(5, trace.log)), { host });
  expect(bytes).toBe(4);
  expect(trace.entries).toEqual([
    [15, "sent 2"],
    [30, "sent 2"],
  ]);
});

test("a copy goes on as long as something moves, however long that is", async () => {
  const host = new VirtualHost();
  const pauses = Array.from({ length: 20 }, () => 90);
  const main = (): Operation<number> =>
    whileMoving(100, (moved) =>
      copy(
        source(pauses, "ends"),
        sink(50, () => {}),
        moved,
      ),
    );
  expect(await run(main, { host })).toBe(40);
  expect(host.now()).toBe(20 * 140);
});

test.each([
  ["the source stands still", source([50], "hangs"), 0, 150],
  ["the sink does", source([50], "ends"), 1000, 150],
])("a copy ends when %s", async (_when, from, ms, at) => {
  const host = new VirtualHost();
  const main = (): Operation<number> =>
    whileMoving(100, (moved) =>
      copy(
        from,
        sink(ms, () => {}),
        moved,
      ),
    );
  await expect(run(main, { host })).rejects.toThrow(TooSlowError);
  expect(host.now()).toBe(at);
});

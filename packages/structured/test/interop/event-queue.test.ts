import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  openEventChannel,
  openNursery,
  sleep,
  WouldBlock,
  type EventChannel,
  type EventChannelOptions,
} from "../../src/index.js";
import { virtualRun } from "../virtual-run.js";

type Numbers = EventChannel<[n: number]>;

/** What is in the channel now; an error where nothing is and nothing will be. */
function drain(channel: Numbers): unknown[] {
  const seen: unknown[] = [];
  for (;;) {
    try {
      seen.push(channel.receiveNowait()[0]);
    } catch (error) {
      return error instanceof WouldBlock ? seen : [...seen, error];
    }
  }
}

describe("more events than there is room for", () => {
  /** Emits 1 to 4 into a channel, and gives what comes out of it. */
  async function overflow(
    options: EventChannelOptions,
  ): Promise<{ seen: unknown[]; dropped: number }> {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    return run(() =>
      openEventChannel(
        emitter,
        "x",
        function* (channel: Numbers) {
          for (let n = 1; n <= 4; n++) emitter.emit("x", n);
          const { dropped, maxBufferSize } = channel.statistics();
          expect(maxBufferSize).toBe(options.capacity ?? Number.POSITIVE_INFINITY);
          return { seen: drain(channel), dropped };
        },
        options,
      ),
    );
  }

  test.each([
    [{}, [1, 2, 3, 4], 0],
    [{ capacity: 2, overflow: "drop-oldest" }, [3, 4], 2],
    [{ capacity: 2, overflow: "drop-newest" }, [1, 2], 2],
    [{ capacity: 0, overflow: "drop-oldest" }, [], 4],
    [{ capacity: 4, overflow: "error" }, [1, 2, 3, 4], 0],
  ] as const)("are kept or dropped as %o says", async (options, seen, dropped) => {
    expect(await overflow(options)).toEqual({ seen, dropped });
  });

  test("break the channel, unless told otherwise", async () => {
    const { seen, dropped } = await overflow({ capacity: 2 });
    expect(seen).toEqual([1, 2, expect.any(BrokenResourceError)]);
    expect((seen[2] as Error).message).toBe(
      "Cannot receive an event: more than 2 came before they were received.",
    );
    expect(dropped).toBe(0);
  });

  test("are handed over without room, where somebody waits", async () => {
    const { run } = virtualRun();
    const emitter = new EventEmitter();
    const seen = await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(1);
          emitter.emit("x", 1);
        });
        return yield* openEventChannel(emitter, "x", (channel: Numbers) => channel.receive(), {
          capacity: 0,
        });
      }),
    );
    expect(seen).toEqual([1]);
  });
});

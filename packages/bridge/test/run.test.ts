import { ArgumentError } from "@trestle/host";
import { sleep } from "@trestle/loop";
import { currentTask, moveOnAfter, openNursery, type Operation } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  asStructured,
  currentLoop,
  LoopQueueFullError,
  openLoop,
  run,
  type StructuredEventLoop,
} from "../src/index.js";
import { rejectionOf } from "./rejection-of.js";

const nap = asStructured((ms: number) => sleep(ms));

describe("a run", () => {
  test("gives main's value, with a loop open around it (trio-asyncio 2.2)", async () => {
    const host = new VirtualHost();
    const value = await run(
      function* (loop) {
        expect(currentLoop()).toBe(loop);
        yield* nap(10);
        return 42;
      },
      { host },
    );
    expect(value).toBe(42);
    expect(host.now()).toBe(10);
  });

  test("rejects with main's error as it is (trio-asyncio 2.2, 7, 17)", async () => {
    const error = new Error("of main");
    const main = function* (): Operation<void> {
      yield* nap(1);
      throw error;
    };
    await expect(rejectionOf(run(main, { host: new VirtualHost() }))).resolves.toBe(error);
  });

  test("rejects where main is no structured function (trio-asyncio 2.2)", async () => {
    const host = new VirtualHost();
    const main = async (): Promise<void> => {};
    await expect(run(main as unknown as () => Operation<void>, { host })).rejects.toThrow(
      /^Cannot open a loop with main \(async function\): it belongs to the loop flavor\.\n/,
    );
  });

  test("takes a wrapped async function as main (trio-asyncio 2.2)", async () => {
    const main = asStructured(async (loop: StructuredEventLoop) => {
      await sleep(10);
      return loop.isRunning();
    });
    await expect(run(main, { host: new VirtualHost() })).resolves.toBe(true);
  });

  test("names the main task after main", async () => {
    const host = new VirtualHost();
    const main = function* crawl(): Operation<string> {
      return currentTask().name;
    };
    await expect(run(main, { host })).resolves.toBe("crawl");
    await expect(run(() => main(), { host })).resolves.toBe("main");
  });

  test("takes the options of a loop, too, and refuses wrong ones at the call", async () => {
    const host = new VirtualHost();
    const running = run(
      function* (loop) {
        loop.callSoon(() => {});
        loop.callSoon(() => {});
      },
      { host, queueLength: 1 },
    );
    await expect(running).rejects.toThrow(LoopQueueFullError);
    expect(() => run(function* () {}, { queueLength: 0 })).toThrow(ArgumentError);
  });

  test("hands the seed on", async () => {
    const order = async (seed: number): Promise<string> => {
      const trace = new Trace();
      await run(
        () =>
          openNursery(function* (nursery) {
            for (const name of "abcdef") {
              nursery.startSoon(function* () {
                trace.log(name);
              });
            }
          }),
        { host: new VirtualHost(), seed },
      );
      return trace.messages.join("");
    };
    const orders = await Promise.all([1, 2, 3, 4, 5].map(order));
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(await order(1)).toBe(orders[0]);
  });

  test("works on the platform's own time", async () => {
    const value = await run(function* () {
      yield* nap(1);
      const { cancelledCaught } = yield* moveOnAfter(1, () => nap(60_000));
      return cancelledCaught;
    });
    expect(value).toBe(true);
  });
});

describe("several runs", () => {
  test("live side by side, each with a loop of its own", async () => {
    const host = new VirtualHost();
    const trace = new Trace(() => host.now());
    const work = (name: string, ms: number) => () =>
      openLoop(function* () {
        yield* nap(ms);
        trace.log(name);
      });
    await Promise.all([run(work("a", 20), { host }), run(work("b", 10), { host })]);
    expect(trace.entries).toEqual([
      [10, "b"],
      [20, "a"],
    ]);
  });
});

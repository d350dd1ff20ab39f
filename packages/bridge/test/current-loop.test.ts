import { stat } from "node:fs/promises";
import { currentLoop as runningLoop, run as runLoop, sleep } from "@trestle/loop";
import {
  checkpoint,
  Event,
  openNursery,
  run as runStructured,
  sleep as structuredSleep,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { requireLoopOfCrossing } from "../src/current-loop.js";
import { asLoop, asStructured, currentLoop, NoHostedLoopError, openLoop } from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("the current loop in structured code", () => {
  test("is that of the innermost block, and of the outer one again behind it (trio-asyncio 2.3)", async () => {
    await runStructured(
      function* () {
        expect(currentLoop()).toBeUndefined();
        yield* openLoop(function* (outer) {
          expect(currentLoop()).toBe(outer);
          yield* openLoop(function* (inner) {
            expect(currentLoop()).toBe(inner);
            yield* structuredSleep(10);
            expect(currentLoop()).toBe(inner);
          });
          expect(currentLoop()).toBe(outer);
        });
        expect(currentLoop()).toBeUndefined();
      },
      { host: new VirtualHost() },
    );
  });

  test("is the outer one again also after an error", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      try {
        yield* openLoop(function* () {
          throw new Error("of the body");
        });
      } catch {
        expect(currentLoop()).toBe(outer);
      }
    });
  });

  test("is inherited by children that are started inside, also in a nursery outside (trio-asyncio 2.20)", async () => {
    const { host, log, trace } = virtualBridge();
    await runStructured(
      () =>
        openNursery(function* (nursery: Nursery) {
          const look = (name: string) =>
            function* (): Operation<void> {
              log(`${name}: ${currentLoop() === undefined ? "none" : "the loop"}`);
            };
          yield* openLoop(function* () {
            nursery.startSoon(look("started inside"));
          });
          nursery.startSoon(look("started behind"));
        }),
      { host },
    );
    expect(trace.messages).toEqual(["started inside: the loop", "started behind: none"]);
  });

  test("is not the loop whose callback happens to have woken the task (trio-asyncio 2.20)", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      yield* openLoop(function* (inner) {
        yield* asStructured(() => sleep(10), { loop: outer })();
        expect(currentLoop()).toBe(inner);
      });
    });
  });
});

test("a task outside of the block has none, also when loop code wakes it (trio-asyncio 2.20)", async () => {
  await runStructured(
    () =>
      openNursery(function* (nursery) {
        const event = new Event();
        nursery.startSoon(function* () {
          yield* event.wait();
          expect(currentLoop()).toBeUndefined();
          yield* structuredSleep(10);
          expect(currentLoop()).toBeUndefined();
        });
        yield* openLoop(function* () {
          yield* asStructured(async () => {
            await stat(import.meta.dirname);
            event.set();
          })();
        });
      }),
    { host: new VirtualHost() },
  );
});

describe("the current loop of a run that loop code has started", () => {
  test("is none: nobody has opened one in there", async () => {
    const { run, host } = virtualBridge();
    const look = asStructured(async () =>
      runStructured(
        function* () {
          yield* checkpoint();
          return currentLoop();
        },
        { host },
      ),
    );
    await expect(run(() => look())).resolves.toBeUndefined();
  });
});

describe("the current loop in loop code", () => {
  test("is the loop that runs it: in tasks and in plain callbacks (trio-asyncio 2.20)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (outer) {
      const name = (): string => (currentLoop() === outer ? "outer" : "inner");
      yield* openLoop(function* (inner) {
        const look = async (): Promise<void> => {
          log(`task in ${name()}`);
          await sleep(0);
          log(`task in ${name()}`);
        };
        yield* asStructured(look)();
        yield* asStructured(look, { loop: outer })();
        for (const loop of [inner, outer]) {
          loop.callSoon(() => log(`callback in ${name()}`));
          yield* structuredSleep(1);
        }
      });
    });
    expect(trace.messages).toEqual([
      "task in inner",
      "task in inner",
      "task in outer",
      "task in outer",
      "callback in inner",
      "callback in outer",
    ]);
  });

  test("is the one of the running loop for structured functions that it calls, too (trio-asyncio 7, 11)", async () => {
    const { run } = virtualBridge();
    await run(function* (outer) {
      const where = asLoop(function* () {
        return currentLoop();
      });
      yield* openLoop(function* () {
        expect(yield* asStructured(async () => where(), { loop: outer })()).toBe(outer);
      });
    });
  });

  test("is undefined in a loop that is not the bridge's", async () => {
    await runLoop(
      async () => {
        expect(runningLoop()).toBeDefined();
        expect(currentLoop()).toBeUndefined();
      },
      { host: new VirtualHost() },
    );
  });
});

test("there is none outside of runs and loops", () => {
  expect(currentLoop()).toBeUndefined();
});

test("whoever needs one says what for", () => {
  expect(() => requireLoopOfCrossing("call 'load' from structured code")).toThrow(
    NoHostedLoopError,
  );
  expect(() => requireLoopOfCrossing("call 'load' from structured code")).toThrow(
    /^Cannot call 'load' from structured code:/,
  );
});

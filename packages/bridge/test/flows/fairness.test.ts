// Neither side starves the other: callbacks of a loop and rounds of the run take turns. Time stands still meanwhile, so what is
// counted is turns.
import { sleep } from "@trestle/loop";
import { checkpoint, openNursery, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { asLoop, asStructured, openLoop, type StructuredEventLoop } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

const TURNS = 300;

/** Counts the turns of both sides until one has had all of its. */
async function race(
  structured: (count: () => boolean) => Operation<void>,
  loop: (hosted: StructuredEventLoop, count: () => boolean) => void,
): Promise<{ structured: number; loop: number }> {
  const { run, host } = virtualBridge();
  const turns = { structured: 0, loop: 0 };
  const isOver = (): boolean => turns.structured >= TURNS || turns.loop >= TURNS;
  await run(function* (hosted) {
    loop(hosted, () => {
      if (!isOver()) turns.loop++;
      return !isOver();
    });
    yield* structured(() => {
      if (!isOver()) turns.structured++;
      return !isOver();
    });
  });
  expect(host.now()).toBe(0);
  return turns;
}

function* checkpoints(count: () => boolean): Operation<void> {
  while (count()) yield* checkpoint();
}

function chain(hosted: StructuredEventLoop, count: () => boolean): void {
  const again = (): void => {
    if (count()) hosted.callSoon(again);
  };
  hosted.callSoon(again);
}

function pauses(hosted: StructuredEventLoop, count: () => boolean): void {
  void hosted.createTask(async () => {
    while (count()) await sleep(0);
  });
}

/** Both had about the same number of turns. */
function expectFair(turns: { structured: number; loop: number }): void {
  expect(Math.min(turns.structured, turns.loop)).toBeGreaterThan(TURNS * 0.9);
}

describe("a structured task that does nothing but pass checkpoints", () => {
  test("has one turn for each callback of a chain of callSoon (trio-asyncio 2.16)", async () => {
    expectFair(await race(checkpoints, chain));
  });

  test("has one turn for each pause of a loop task", async () => {
    expectFair(await race(checkpoints, pauses));
  });

  test("lets the loop in before its thousandth checkpoint, and the other way round", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.callSoon(log, "callback");
      for (let i = 0; i < 1000; i++) yield* checkpoint();
      log("a thousand checkpoints");
    });
    expect(trace.messages).toEqual(["callback", "a thousand checkpoints"]);
  });
});

describe("a thousand structured tasks that pass checkpoints", () => {
  test("let a loop task have a turn in each round or two", async () => {
    const { run } = virtualBridge();
    let pausesTaken = 0;
    let rounds = 0;
    await run(function* (loop) {
      let isOver = false;
      void loop.createTask(async () => {
        while (!isOver) {
          await sleep(0);
          pausesTaken++;
        }
      });
      yield* openNursery(function* (nursery) {
        for (let i = 0; i < 1000; i++) nursery.startSoon(checkpoints, () => !isOver);
        while (++rounds < 100) yield* checkpoint();
        isOver = true;
      });
    });
    expect(pausesTaken).toBeGreaterThan(50);
  });
});

describe("two loops", () => {
  test("take turns", async () => {
    const { run } = virtualBridge();
    const turns = { outer: 0, inner: 0 };
    await run(function* (outer) {
      yield* openLoop(function* (inner) {
        const isOver = (): boolean => turns.outer >= TURNS || turns.inner >= TURNS;
        chain(outer, () => ++turns.outer < TURNS && !isOver());
        chain(inner, () => ++turns.inner < TURNS && !isOver());
        while (!isOver()) yield* checkpoint();
      });
    });
    expect(Math.min(turns.outer, turns.inner)).toBeGreaterThan(TURNS * 0.9);
  });
});

test("a crossing gives way to what is ready on both sides", async () => {
  const { run, log, trace } = virtualBridge();
  const across = asStructured(async (name: string) => log(`loop code ${name}`));
  const back = asLoop(function* (name: string) {
    log(`structured code ${name}`);
  });
  await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        for (const name of ["1", "2"]) yield* across(name);
      });
      nursery.startSoon(
        asStructured(async () => {
          for (const name of ["1", "2"]) await back(name);
        }),
      );
    }),
  );
  expect(trace.messages).toEqual([
    "loop code 1",
    "structured code 1",
    "loop code 2",
    "structured code 2",
  ]);
});

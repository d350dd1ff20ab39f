import { AsyncLocalStorage } from "node:async_hooks";
import { createTask } from "@trestle/loop";
import { Effect, Fiber } from "effect";
import { expectResult } from "../expect-result.js";
import { keepLoop, timedInLoop } from "../in-loop.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A task of the loop that ends at once is made and awaited, one after another. */
export const loopTaskRow: Row = {
  name: "loop-task",
  title: "make a task of the loop and await it",
  unit: "ns",
  per: "task",
  count: "calibrated",
  step: 100,
  notes: [
    "A task can be cancelled and is waited for; a call in a storage of its own is the least that tells who runs.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "await createTask(child)",
      measure: (count) =>
        timedInLoop(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await createTask(child);
          expectResult(sum, count);
        }),
    },
    {
      library: "native",
      code: "await storage.run(i, child)",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await storage.run(i, child);
          storage.disable();
          expectResult(sum, count);
        });
      },
    },
    {
      library: "native",
      code: "await child()",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await child();
          expectResult(sum, count);
        });
      },
    },
    {
      library: "Effect",
      code: "forkChild(child), Fiber.join",
      measure: (count) =>
        timed(async () => expectResult(await Effect.runPromise(effectForkJoin(count)), count)),
    },
  ],
};

const storage = new AsyncLocalStorage<number>();

async function child(): Promise<number> {
  return 1;
}

const effectChild = Effect.gen(function* () {
  return 1;
});

function effectForkJoin(count: number): Effect.Effect<number> {
  return Effect.gen(function* () {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const fiber = yield* Effect.forkChild(effectChild);
      sum += yield* Fiber.join(fiber);
    }
    return sum;
  });
}

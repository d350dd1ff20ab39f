import { openNursery, run, type Operation } from "@trestle/structured";
import { Effect, Fiber } from "effect";
import { run as runEffection, spawn, type Operation as EffectionOperation } from "effection";
import { failingChildren } from "../audits/failing-children.js";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A child that ends at once is started and joined, one after another. The child's function is made once. */
export const spawnJoinRow: Row = {
  name: "spawn-join",
  title: "start a child and join it (its function made once)",
  unit: "ns",
  per: "child",
  count: "calibrated",
  step: 100,
  notes: [
    "A call of an async function makes no task: nobody can cancel it, and nobody has to wait for it.",
    "Started at once, Effect's child runs inside the fork, and has ended by the time it is joined.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "startSoon(child).join()",
      measure: (count) =>
        timed(async () => {
          const sum = await run(() =>
            openNursery(function* (nursery) {
              let sum = 0;
              for (let i = 0; i < count; i++) sum += yield* nursery.startSoon(trestleChild).join();
              return sum;
            }),
          );
          expectResult(sum, count);
        }),
      audit: failingChildren.Trestle,
    },
    {
      library: "native",
      code: "await child()",
      measure: (count) =>
        timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await nativeChild();
          expectResult(sum, count);
        }),
      audit: failingChildren.native,
    },
    {
      library: "Effect",
      code: "forkChild(child), Fiber.join",
      measure: (count) => effectForkJoin(effectChild, count, false),
      audit: failingChildren.Effect,
    },
    {
      library: "Effect",
      code: "the same, child of Effect.sync",
      measure: (count) => effectForkJoin(effectSyncChild, count, false),
    },
    {
      library: "Effect",
      code: "the same, started at once",
      measure: (count) => effectForkJoin(effectSyncChild, count, true),
    },
    {
      library: "Effection",
      code: "yield* (yield* spawn(child))",
      measure: (count) =>
        timed(async () => {
          const sum = await runEffection(function* () {
            let sum = 0;
            for (let i = 0; i < count; i++) sum += yield* yield* spawn(effectionChild);
            return sum;
          });
          expectResult(sum, count);
        }),
      audit: failingChildren.Effection,
    },
  ],
};

function* trestleChild(): Operation<number> {
  return 1;
}

async function nativeChild(): Promise<number> {
  return 1;
}

const effectChild = Effect.gen(function* () {
  return 1;
});

const effectSyncChild = Effect.sync(() => 1);

function effectForkJoin(
  child: Effect.Effect<number>,
  count: number,
  startImmediately: boolean,
): Promise<number> {
  return timed(async () => {
    const sum = await Effect.runPromise(
      Effect.gen(function* () {
        let sum = 0;
        for (let i = 0; i < count; i++) {
          const fiber = yield* Effect.forkChild(child, { startImmediately });
          sum += yield* Fiber.join(fiber);
        }
        return sum;
      }),
    );
    expectResult(sum, count);
  });
}

function* effectionChild(): EffectionOperation<number> {
  return 1;
}

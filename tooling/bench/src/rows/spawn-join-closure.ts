import { openNursery, run } from "@trestle/structured";
import { Effect, Fiber } from "effect";
import { run as runEffection, spawn } from "effection";
import { failingChildren } from "../audits/failing-children.js";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** As `spawn-join`, with a new function for each child, as a program writes it that hands something to the child. */
export const spawnJoinClosureRow: Row = {
  name: "spawn-join-closure",
  title: "start a child and join it (a new function each time)",
  unit: "ns",
  per: "child",
  count: "calibrated",
  step: 100,
  notes: [
    "The first call of a new generator function costs V8 about 2 microseconds: hoist the hot ones.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "startSoon(function* () {}).join()",
      measure: (count) =>
        timed(async () => {
          const last = await run(() =>
            openNursery(function* (nursery) {
              let last = -1;
              for (let i = 0; i < count; i++) {
                last = yield* nursery
                  .startSoon(function* () {
                    return i;
                  })
                  .join();
              }
              return last;
            }),
          );
          expectResult(last, count - 1);
        }),
      audit: failingChildren.Trestle,
    },
    {
      library: "native",
      code: "await (async () => {})()",
      measure: (count) =>
        timed(async () => {
          let last = -1;
          for (let i = 0; i < count; i++) last = await (async () => i)();
          expectResult(last, count - 1);
        }),
      audit: failingChildren.native,
    },
    {
      library: "Effect",
      code: "forkChild(gen(function* () {})), join",
      measure: (count) =>
        timed(async () => {
          const last = await Effect.runPromise(
            Effect.gen(function* () {
              let last = -1;
              for (let i = 0; i < count; i++) {
                const child = Effect.gen(function* () {
                  return i;
                });
                last = yield* Fiber.join(yield* Effect.forkChild(child));
              }
              return last;
            }),
          );
          expectResult(last, count - 1);
        }),
      audit: failingChildren.Effect,
    },
    {
      library: "Effection",
      code: "yield* (yield* spawn(function* () {}))",
      measure: (count) =>
        timed(async () => {
          const last = await runEffection(function* () {
            let last = -1;
            for (let i = 0; i < count; i++) {
              const task = yield* spawn(function* () {
                return i;
              });
              last = yield* task;
            }
            return last;
          });
          expectResult(last, count - 1);
        }),
      audit: failingChildren.Effection,
    },
  ],
};

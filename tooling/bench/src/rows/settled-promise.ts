import { fromPromise, run } from "@trestle/structured";
import { Effect } from "effect";
import { run as runEffection, until } from "effection";
import { failingPromises } from "../audits/failing-promises.js";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A promise that has its value already is waited for, over and over: the price of the way to promises and back. */
export const settledPromiseRow: Row = {
  name: "settled-promise",
  title: "wait for a promise that has its value",
  unit: "ns",
  per: "wait",
  count: "calibrated",
  step: 1000,
  contenders: [
    {
      library: "Trestle",
      code: "yield* fromPromise(promise)",
      measure: (count) =>
        timed(async () => {
          const sum = await run(function* () {
            let sum = 0;
            for (let i = 0; i < count; i++) sum += yield* fromPromise(one);
            return sum;
          });
          expectResult(sum, count);
        }),
      audit: failingPromises.Trestle,
    },
    {
      library: "native",
      code: "await promise",
      measure: (count) =>
        timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await one;
          expectResult(sum, count);
        }),
      audit: failingPromises.native,
    },
    {
      library: "Effect",
      code: "yield* Effect.promise(() => promise)",
      measure: (count) =>
        timed(async () => {
          const sum = await Effect.runPromise(
            Effect.gen(function* () {
              let sum = 0;
              for (let i = 0; i < count; i++) sum += yield* Effect.promise(getOne);
              return sum;
            }),
          );
          expectResult(sum, count);
        }),
      audit: failingPromises.Effect,
    },
    {
      library: "Effection",
      code: "yield* until(promise)",
      measure: (count) =>
        timed(async () => {
          const sum = await runEffection(function* () {
            let sum = 0;
            for (let i = 0; i < count; i++) sum += yield* until(one);
            return sum;
          });
          expectResult(sum, count);
        }),
      audit: failingPromises.Effection,
    },
  ],
};

const one = Promise.resolve(1);

function getOne(): Promise<number> {
  return one;
}

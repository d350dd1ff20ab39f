import { gather } from "@trestle/loop";
import { Effect } from "effect";
import { expectResult } from "../expect-result.js";
import { keepLoop, timedInLoop } from "../in-loop.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** Ten thousand calls at the same time, and their results in a list. */
export const loopGatherRow: Row = {
  name: "loop-gather",
  title: "gather 10,000 calls",
  unit: "ns",
  per: "call",
  count: 10_000,
  mostRounds: 10,
  notes: ["Promise.all starts nothing that could be cancelled."],
  contenders: [
    {
      library: "Trestle",
      code: "await gather(calls)",
      measure: (count) =>
        timedInLoop(async () => {
          const results = await gather(Array.from({ length: count }, () => call));
          expectResult(sumOf(results), count);
        }),
    },
    {
      library: "native",
      code: "await Promise.all(calls)",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
          const results = await Promise.all(Array.from({ length: count }, call));
          expectResult(sumOf(results), count);
        });
      },
    },
    {
      library: "Effect",
      code: "Effect.all, unbounded",
      measure: (count) =>
        timed(async () => {
          const calls = Array.from({ length: count }, () => effectCall);
          const results = await Effect.runPromise(Effect.all(calls, { concurrency: "unbounded" }));
          expectResult(sumOf(results), count);
        }),
    },
  ],
};

async function call(): Promise<number> {
  return 1;
}

const effectCall = Effect.gen(function* () {
  return 1;
});

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

import { run, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import { run as runEffection, type Operation as EffectionOperation } from "effection";
import { expectResult } from "../expect-result.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** A call of a function that could wait and does not: what code pays where there is nothing to wait for. */
export const readyCallRow: Row = {
  name: "ready-call",
  title: "call a function that could wait and has its result at once",
  unit: "ns",
  per: "call",
  count: "calibrated",
  step: 1000,
  notes: [
    "Trestle's and Effection's are the same call of a generator function, in which the library has no part.",
    "Only `await` gives up the turn for it; with the others a loop of such calls keeps its turn.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "yield* call()",
      measure: (count) =>
        timed(async () => {
          const sum = await run(function* () {
            let sum = 0;
            for (let i = 0; i < count; i++) sum += yield* trestleCall();
            return sum;
          });
          expectResult(sum, count);
        }),
    },
    {
      library: "native",
      code: "await call()",
      measure: (count) =>
        timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await nativeCall();
          expectResult(sum, count);
        }),
    },
    {
      library: "Effect",
      code: "yield* Effect.succeed(1)",
      measure: (count) => effectCalls(effectSucceed, count),
    },
    {
      library: "Effect",
      code: "yield* Effect.gen(function* () {})",
      measure: (count) => effectCalls(effectCall, count),
    },
    {
      library: "Effection",
      code: "yield* call()",
      measure: (count) =>
        timed(async () => {
          const sum = await runEffection(function* () {
            let sum = 0;
            for (let i = 0; i < count; i++) sum += yield* effectionCall();
            return sum;
          });
          expectResult(sum, count);
        }),
    },
  ],
};

function* trestleCall(): Operation<number> {
  return 1;
}

async function nativeCall(): Promise<number> {
  return 1;
}

const effectCall = Effect.gen(function* () {
  return 1;
});

const effectSucceed = Effect.succeed(1);

function effectCalls(call: Effect.Effect<number>, count: number): Promise<number> {
  return timed(async () => {
    const sum = await Effect.runPromise(
      Effect.gen(function* () {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += yield* call;
        return sum;
      }),
    );
    expectResult(sum, count);
  });
}

function* effectionCall(): EffectionOperation<number> {
  return 1;
}

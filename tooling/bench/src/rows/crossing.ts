import { asLoop, asStructured, run as runBoth } from "@trestle/bridge";
import { keepLoop } from "../in-loop.js";
import { expectResult } from "../expect-result.js";
import type { Operation } from "@trestle/structured";
import type { Row } from "../row.js";
import { nanoseconds, timed } from "../stopwatch.js";

/** Structured code calls loop code, which calls structured code: there and back, with the results. */
export const crossingRow: Row = {
  name: "crossing",
  title: "a call from structured code into the loop and back",
  unit: "ns",
  per: "call",
  count: "calibrated",
  step: 100,
  contenders: [
    {
      library: "Trestle",
      code: "asStructured(async () => asLoop(fn)())",
      measure: (count) => {
        keepLoop();
        return runBoth(function* () {
          const start = nanoseconds();
          let sum = 0;
          for (let i = 0; i < count; i++) sum += yield* across();
          expectResult(sum, count);
          return nanoseconds() - start;
        });
      },
    },
    {
      library: "Trestle",
      code: "asStructured(async () => {}), one way",
      measure: (count) => {
        keepLoop();
        return runBoth(function* () {
          const start = nanoseconds();
          let sum = 0;
          for (let i = 0; i < count; i++) sum += yield* there();
          expectResult(sum, count);
          return nanoseconds() - start;
        });
      },
    },
    {
      library: "native",
      code: "await of an async function",
      measure: (count) => {
        keepLoop();
        return timed(async () => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += await one();
          expectResult(sum, count);
        });
      },
    },
  ],
};

async function one(): Promise<number> {
  return 1;
}

const there = asStructured(one);

const back = asLoop(function* (): Operation<number> {
  return 1;
});

const across = asStructured(async () => back());

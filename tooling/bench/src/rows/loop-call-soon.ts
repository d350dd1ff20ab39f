import { Effect } from "effect";
import { timedInLoop } from "../in-loop.js";
import { callSoonChain } from "../loop-work.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

/** Each callback asks for the next one. */
export const loopCallSoonRow: Row = {
  name: "loop-call-soon",
  title: "a callback asks for the next one",
  unit: "ns",
  per: "callback",
  count: "calibrated",
  step: 1000,
  notes: [
    "After each callback of the loop all microtasks run; setImmediate also lets I/O in, each time.",
    "A reaction of a promise asks for the next one in the microtask queue: nothing else runs in between.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "loop.callSoon",
      measure: (count) => timedInLoop(() => callSoonChain(count)),
    },
    {
      library: "native",
      code: "promise.then",
      measure: (count) => timed(() => chain(count, (next) => void settled.then(next))),
    },
    {
      library: "native",
      code: "setImmediate",
      measure: (count) => timed(() => chain(count, (next) => void setImmediate(next))),
    },
    {
      library: "Effect",
      code: "yield* Effect.yieldNow",
      measure: (count) =>
        timed(() =>
          Effect.runPromise(
            Effect.gen(function* () {
              for (let i = 0; i < count; i++) yield* Effect.yieldNow;
            }),
          ),
        ),
    },
  ],
};

const settled = Promise.resolve();

function chain(count: number, ask: (next: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    function next(): void {
      if (left-- === 0) resolve();
      else ask(next);
    }
    next();
  });
}

import { cancelledTasks } from "../audits/cancelled-tasks.js";
import { collectAllGarbage } from "../collect-garbage.js";
import type { Row } from "../row.js";
import { effectSleepers } from "../sleepers/effect-sleepers.js";
import { effectionSleepers } from "../sleepers/effection-sleepers.js";
import { nativeSleepers } from "../sleepers/native-sleepers.js";
import type { Sleepers } from "../sleepers/sleepers.js";
import { trestleSleepers } from "../sleepers/trestle-sleepers.js";

/** How much the heap holds more, after a collection, while tasks sleep: the task, its function's frame, its timer. */
export const parkedBytesRow: Row = {
  name: "parked-bytes",
  title: "what a sleeping task keeps in the heap",
  unit: "bytes",
  per: "task",
  count: 10_000,
  mostRounds: 3,
  contenders: [
    {
      library: "Trestle",
      code: "a task in sleep",
      measure: growth(trestleSleepers),
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "an async function, timer, signal",
      count: 1000,
      measure: growth(nativeSleepers),
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "a fiber in Effect.sleep",
      measure: growth(effectSleepers),
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "a task in sleep",
      count: 1000,
      measure: growth(effectionSleepers),
      audit: cancelledTasks.Effection,
    },
  ],
};

function growth(sleepers: Sleepers): (count: number) => Promise<number> {
  return async (count) => {
    const before = heapUsed();
    let after = before;
    await sleepers(count, () => {
      after = heapUsed();
    });
    return after - before;
  };
}

function heapUsed(): number {
  collectAllGarbage();
  return process.memoryUsage().heapUsed;
}

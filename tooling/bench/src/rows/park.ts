import { cancelledTasks } from "../audits/cancelled-tasks.js";
import type { Row } from "../row.js";
import { effectSleepers } from "../sleepers/effect-sleepers.js";
import { effectionSleepers } from "../sleepers/effection-sleepers.js";
import { nativeSleepers } from "../sleepers/native-sleepers.js";
import { parking } from "../sleepers/sleepers.js";
import { trestleSleepers } from "../sleepers/trestle-sleepers.js";

/** Ten thousand tasks are started, until each of them sleeps. */
export const parkRow: Row = {
  name: "park",
  title: "start 10,000 tasks, until all sleep",
  unit: "ns",
  per: "task",
  count: 10_000,
  mostRounds: 7,
  contenders: [
    {
      library: "Trestle",
      code: "startSoon, sleep",
      measure: parking(trestleSleepers),
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "timers/promises with a signal",
      measure: parking(nativeSleepers),
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "forkChild, Effect.sleep",
      measure: parking(effectSleepers),
      audit: cancelledTasks.Effect,
    },
    // A tenth of the tasks: each takes it a tenth of a millisecond.
    {
      library: "Effection",
      code: "spawn, sleep (1,000 tasks)",
      count: 1000,
      measure: parking(effectionSleepers),
      audit: cancelledTasks.Effection,
    },
  ],
};

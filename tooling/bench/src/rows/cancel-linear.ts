import { cancelledTasks } from "../audits/cancelled-tasks.js";
import type { Contender, Row, TaskLibrary } from "../row.js";
import { effectSleepers } from "../sleepers/effect-sleepers.js";
import type { Sleepers } from "../sleepers/sleepers.js";
import { trestleSleepers } from "../sleepers/trestle-sleepers.js";

const TASKS = 100_000;

/**
 * Ten times the tasks must not cost more for each one. Both ways a sample cancels as many in all, so that the garbage
 * collector has its part in both. Only for those that end in reasonable time.
 */
export const cancelLinearRow: Row = {
  name: "cancel-linear",
  title: "cancel 100,000 sleepers, in ten groups and at once",
  unit: "ns",
  per: "task",
  count: TASKS,
  mostRounds: 7,
  notes: [
    "What grows with a group is the garbage collector's part: with --max-semi-space-size=128 it grows little.",
  ],
  contenders: [
    contender("Trestle", 10, trestleSleepers),
    contender("Trestle", 1, trestleSleepers),
    contender("Effect", 10, effectSleepers),
    contender("Effect", 1, effectSleepers),
  ],
};

function contender(library: TaskLibrary, groups: number, sleepers: Sleepers): Contender {
  return {
    library,
    code: `${groups} x ${(TASKS / groups).toLocaleString("en")} tasks`,
    async measure(count) {
      let total = 0;
      for (let i = 0; i < groups; i++) total += (await sleepers(count / groups)).cancelled;
      return total;
    },
    audit: cancelledTasks[library],
  };
}

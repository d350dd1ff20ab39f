import type { Contender, Row } from "../row.js";
import { loopSleepers } from "../sleepers/loop-sleepers.js";

const TASKS = 100_000;

/** Ten times the tasks of the loop must not cost more for each one; a sample cancels as many in all both ways. */
export const loopCancelLinearRow: Row = {
  name: "loop-cancel-linear",
  title: "cancel 100,000 sleepers of the loop, in ten groups and at once",
  unit: "ns",
  per: "task",
  count: TASKS,
  mostRounds: 5,
  notes: ["What grows with a group is the garbage collector's part."],
  contenders: [contender(10), contender(1)],
};

function contender(groups: number): Contender {
  return {
    library: "Trestle",
    code: `${groups} x ${(TASKS / groups).toLocaleString("en")} tasks`,
    async measure(count) {
      let total = 0;
      for (let i = 0; i < groups; i++) total += (await loopSleepers(count / groups)).cancelled;
      return total;
    },
  };
}

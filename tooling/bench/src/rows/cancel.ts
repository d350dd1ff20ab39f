import { cancelledTasks } from "../audits/cancelled-tasks.js";
import type { Row } from "../row.js";
import { effectSleepers } from "../sleepers/effect-sleepers.js";
import { effectionSleepers } from "../sleepers/effection-sleepers.js";
import { nativeSleepers } from "../sleepers/native-sleepers.js";
import { cancelling } from "../sleepers/sleepers.js";
import { trestleSleepers } from "../sleepers/trestle-sleepers.js";

/** Ten thousand sleeping tasks, from the one cancel to the moment when all are unwound and joined. */
export const cancelRow: Row = {
  name: "cancel",
  title: "cancel 10,000 sleepers at once, and join them all",
  unit: "ns",
  per: "task",
  count: 10_000,
  mostRounds: 7,
  contenders: [
    {
      library: "Trestle",
      code: "cancelScope.cancel()",
      measure: cancelling(trestleSleepers),
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "controller.abort(), allSettled",
      measure: cancelling(nativeSleepers),
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "Fiber.interrupt(parent)",
      measure: cancelling(effectSleepers),
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "parent.halt() (1,000 tasks)",
      count: 1000,
      measure: cancelling(effectionSleepers),
      audit: cancelledTasks.Effection,
    },
  ],
};

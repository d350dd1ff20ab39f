import type { Row } from "../row.js";
import { effectSleepers } from "../sleepers/effect-sleepers.js";
import { loopSleepers } from "../sleepers/loop-sleepers.js";
import { nativeSleepers } from "../sleepers/native-sleepers.js";
import { cancelling } from "../sleepers/sleepers.js";

/** Ten thousand sleeping tasks of the loop: all are cancelled, and awaited until they are unwound. */
export const loopCancelRow: Row = {
  name: "loop-cancel",
  title: "cancel 10,000 sleepers of the loop, and await them all",
  unit: "ns",
  per: "task",
  count: 10_000,
  mostRounds: 7,
  contenders: [
    {
      library: "Trestle",
      code: "task.cancel(), wait(tasks)",
      measure: cancelling(loopSleepers),
    },
    {
      library: "native",
      code: "controller.abort(), allSettled",
      measure: cancelling(nativeSleepers),
    },
    {
      library: "Effect",
      code: "Fiber.interrupt(parent)",
      measure: cancelling(effectSleepers),
    },
  ],
};

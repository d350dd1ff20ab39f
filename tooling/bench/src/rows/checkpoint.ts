import { checkpoint, run } from "@trestle/structured";
import { Effect } from "effect";
import { run as runEffection } from "effection";
import { cancelledTasks } from "../audits/cancelled-tasks.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";
import { effectionTurn, nativeTurn } from "../turn.js";

/** One task that gives up its turn, over and over, with nobody else to take it. */
export const checkpointRow: Row = {
  name: "checkpoint",
  title: "a lone task gives up its turn",
  unit: "ns",
  per: "turn",
  count: "calibrated",
  step: 1000,
  notes: [
    "Trestle does the round of a lone task in place: nothing is suspended. See checkpoint-1000 for the other case.",
    "Effect's yieldNow goes once around Node's event loop; Trestle does so after half a millisecond of turns.",
    "Effection has no call for it: an action that is resolved at once is its shortest way through its queue.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "yield* checkpoint()",
      measure: (count) =>
        timed(() =>
          run(function* () {
            for (let i = 0; i < count; i++) yield* checkpoint();
          }),
        ),
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "await of an async function",
      measure: (count) =>
        timed(async () => {
          for (let i = 0; i < count; i++) await nativeTurn();
        }),
      audit: cancelledTasks.native,
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
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "yield* action(resolved)",
      measure: (count) =>
        timed(() =>
          runEffection(function* () {
            for (let i = 0; i < count; i++) yield* effectionTurn();
          }),
        ),
      audit: cancelledTasks.Effection,
    },
  ],
};

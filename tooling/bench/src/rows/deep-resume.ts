import { checkpoint, openNursery, run, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import { all, run as runEffection, type Operation as EffectionOperation } from "effection";
import { cancelledTasks } from "../audits/cancelled-tasks.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";
import { effectionTurn, nativeTurn } from "../turn.js";

const DEPTH = 20;

/**
 * Two tasks give each other a turn, each from below twenty calls. Two, because a lone one may be let go on in place, without
 * being suspended and resumed.
 */
export const deepResumeRow: Row = {
  name: "deep-resume",
  title: `two tasks give each other a turn, ${DEPTH} calls deep`,
  unit: "ns",
  per: "turn",
  count: "calibrated",
  step: 1000,
  notes: [
    "A generator is resumed from the top, through each yield*; a promise or an Effect resumes the innermost function.",
  ],
  contenders: [
    {
      library: "Trestle",
      code: "yield* checkpoint()",
      measure: (count) =>
        timed(() =>
          run(() =>
            openNursery(function* (nursery) {
              nursery.startSoon(trestleCall, DEPTH, count / 2);
              nursery.startSoon(trestleCall, DEPTH, count / 2);
            }),
          ),
        ),
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "await of an async function",
      measure: (count) =>
        timed(() => Promise.all([nativeCall(DEPTH, count / 2), nativeCall(DEPTH, count / 2)])),
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "yield* Effect.yieldNow",
      measure: (count) =>
        timed(() =>
          Effect.runPromise(
            Effect.all([effectCall(DEPTH, count / 2), effectCall(DEPTH, count / 2)], {
              concurrency: "unbounded",
              discard: true,
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
          runEffection(() =>
            all([effectionCall(DEPTH, count / 2), effectionCall(DEPTH, count / 2)]),
          ),
        ),
      audit: cancelledTasks.Effection,
    },
  ],
};

function* trestleCall(depth: number, turns: number): Operation<void> {
  if (depth > 1) yield* trestleCall(depth - 1, turns);
  else for (let i = 0; i < turns; i++) yield* checkpoint();
}

async function nativeCall(depth: number, turns: number): Promise<void> {
  if (depth > 1) await nativeCall(depth - 1, turns);
  else for (let i = 0; i < turns; i++) await nativeTurn();
}

function effectCall(depth: number, turns: number): Effect.Effect<void> {
  return Effect.gen(function* () {
    if (depth > 1) yield* effectCall(depth - 1, turns);
    else for (let i = 0; i < turns; i++) yield* Effect.yieldNow;
  });
}

function* effectionCall(depth: number, turns: number): EffectionOperation<void> {
  if (depth > 1) yield* effectionCall(depth - 1, turns);
  else for (let i = 0; i < turns; i++) yield* effectionTurn();
}

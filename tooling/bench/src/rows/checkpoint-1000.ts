import { checkpoint, openNursery, run, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import { all, run as runEffection, type Operation as EffectionOperation } from "effection";
import { cancelledTasks } from "../audits/cancelled-tasks.js";
import { Field } from "../field.js";
import type { Row } from "../row.js";
import { effectionTurn, nativeTurn } from "../turn.js";

const TASKS = 1000;

/** A thousand tasks that give each other a turn, over and over. From the first turn of the last to the last one's end. */
export const checkpoint1000Row: Row = {
  name: "checkpoint-1000",
  title: "1,000 tasks give each other a turn",
  unit: "ns",
  per: "turn",
  count: "calibrated",
  step: TASKS,
  contenders: [
    {
      library: "Trestle",
      code: "yield* checkpoint()",
      async measure(count) {
        const field = new Field(TASKS);
        await run(() =>
          openNursery(function* (nursery) {
            for (let i = 0; i < TASKS; i++) nursery.startSoon(trestleTask, field, count / TASKS);
          }),
        );
        return field.elapsed;
      },
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "await of an async function",
      async measure(count) {
        const field = new Field(TASKS);
        await Promise.all(Array.from({ length: TASKS }, () => nativeTask(field, count / TASKS)));
        return field.elapsed;
      },
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "yield* Effect.yieldNow",
      async measure(count) {
        const field = new Field(TASKS);
        const task = effectTask(field, count / TASKS);
        const tasks = Array.from({ length: TASKS }, () => task);
        await Effect.runPromise(Effect.all(tasks, { concurrency: "unbounded", discard: true }));
        return field.elapsed;
      },
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "yield* action(resolved)",
      async measure(count) {
        const field = new Field(TASKS);
        await runEffection(() =>
          all(Array.from({ length: TASKS }, () => effectionTask(field, count / TASKS))),
        );
        return field.elapsed;
      },
      audit: cancelledTasks.Effection,
    },
  ],
};

function* trestleTask(field: Field, turns: number): Operation<void> {
  field.enter();
  for (let i = 0; i < turns; i++) yield* checkpoint();
  field.leave();
}

async function nativeTask(field: Field, turns: number): Promise<void> {
  field.enter();
  for (let i = 0; i < turns; i++) await nativeTurn();
  field.leave();
}

function effectTask(field: Field, turns: number): Effect.Effect<void> {
  return Effect.gen(function* () {
    field.enter();
    for (let i = 0; i < turns; i++) yield* Effect.yieldNow;
    field.leave();
  });
}

function* effectionTask(field: Field, turns: number): EffectionOperation<void> {
  field.enter();
  for (let i = 0; i < turns; i++) yield* effectionTurn();
  field.leave();
}

import { checkpoint, openNursery, run, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import { all, run as runEffection, type Operation as EffectionOperation } from "effection";
import { cancelledTasks } from "../audits/cancelled-tasks.js";
import { LagMeter } from "../lag-meter.js";
import type { Row } from "../row.js";
import { effectionTurn, nativeTurn } from "../turn.js";

const TASKS = 1000;
const DURATION = 200;

/** A thousand tasks do nothing but give up their turns, for a while: how late is a timer of the platform meanwhile? */
export const timerLagRow: Row = {
  name: "timer-lag",
  title: `1,000 tasks give each other a turn for ${DURATION} ms: the worst lag of a 10 ms timer`,
  unit: "ms",
  per: "run",
  count: 1,
  mostRounds: 5,
  notes: [
    `About ${DURATION - 10} ms means that the timer did not ring at all before the tasks had ended.`,
  ],
  contenders: [
    {
      library: "Trestle",
      code: "yield* checkpoint()",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        await run(() =>
          openNursery(function* (nursery) {
            for (let i = 0; i < TASKS; i++) nursery.startSoon(trestleTask, meter);
          }),
        );
        return meter.worst();
      },
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "await of an async function",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        await Promise.all(Array.from({ length: TASKS }, () => nativeTask(meter)));
        return meter.worst();
      },
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "yield* Effect.yieldNow",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        const tasks = Array.from({ length: TASKS }, () => effectTask(meter));
        await Effect.runPromise(Effect.all(tasks, { concurrency: "unbounded", discard: true }));
        return meter.worst();
      },
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "yield* action(resolved)",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        await runEffection(() => all(Array.from({ length: TASKS }, () => effectionTask(meter))));
        return meter.worst();
      },
      audit: cancelledTasks.Effection,
    },
  ],
};

function* trestleTask(meter: LagMeter): Operation<void> {
  for (meter.enter(); !meter.isOver();) yield* checkpoint();
}

async function nativeTask(meter: LagMeter): Promise<void> {
  for (meter.enter(); !meter.isOver();) await nativeTurn();
}

function effectTask(meter: LagMeter): Effect.Effect<void> {
  return Effect.gen(function* () {
    for (meter.enter(); !meter.isOver();) yield* Effect.yieldNow;
  });
}

function* effectionTask(meter: LagMeter): EffectionOperation<void> {
  for (meter.enter(); !meter.isOver();) yield* effectionTurn();
}

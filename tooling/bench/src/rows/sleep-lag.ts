import { checkpoint, openNursery, run, sleep, type Operation } from "@trestle/structured";
import { Effect } from "effect";
import {
  all,
  run as runEffection,
  sleep as sleepEffection,
  type Operation as EffectionOperation,
} from "effection";
import { setTimeout as sleepNative } from "node:timers/promises";
import { cancelledTasks } from "../audits/cancelled-tasks.js";
import { LagMeter } from "../lag-meter.js";
import { NAP, NapMeter } from "../nap-meter.js";
import type { Row } from "../row.js";
import { effectionTurn, nativeTurn } from "../turn.js";

const TASKS = 1000;
const DURATION = 200;

/** As `timer-lag`, with a timer of the library's own: one more task does nothing but sleep. */
export const sleepLagRow: Row = {
  name: "sleep-lag",
  title: `1,000 tasks give each other a turn for ${DURATION} ms: the worst lag of a task that sleeps for 10 ms`,
  unit: "ms",
  per: "run",
  count: 1,
  mostRounds: 5,
  notes: [
    `About ${DURATION - NAP} ms means that the task did not go on at all before the others had ended.`,
  ],
  contenders: [
    {
      library: "Trestle",
      code: "sleep(10)",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        const naps = new NapMeter();
        await run(() =>
          openNursery(function* (nursery) {
            for (let i = 0; i < TASKS; i++) nursery.startSoon(trestleTask, meter);
            nursery.startSoon(trestleSleeper, meter, naps);
          }),
        );
        await meter.worst();
        return naps.worst;
      },
      audit: cancelledTasks.Trestle,
    },
    {
      library: "native",
      code: "timers/promises",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        const naps = new NapMeter();
        const tasks = Array.from({ length: TASKS }, () => nativeTask(meter));
        await Promise.all([...tasks, nativeSleeper(meter, naps)]);
        await meter.worst();
        return naps.worst;
      },
      audit: cancelledTasks.native,
    },
    {
      library: "Effect",
      code: "Effect.sleep(10)",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        const naps = new NapMeter();
        const tasks = Array.from({ length: TASKS }, () => effectTask(meter));
        await Effect.runPromise(
          Effect.all([...tasks, effectSleeper(meter, naps)], {
            concurrency: "unbounded",
            discard: true,
          }),
        );
        await meter.worst();
        return naps.worst;
      },
      audit: cancelledTasks.Effect,
    },
    {
      library: "Effection",
      code: "sleep(10)",
      async measure() {
        const meter = new LagMeter(TASKS, DURATION);
        const naps = new NapMeter();
        const tasks = Array.from({ length: TASKS }, () => effectionTask(meter));
        await runEffection(() => all([...tasks, effectionSleeper(meter, naps)]));
        await meter.worst();
        return naps.worst;
      },
      audit: cancelledTasks.Effection,
    },
  ],
};

function* trestleTask(meter: LagMeter): Operation<void> {
  for (meter.enter(); !meter.isOver();) yield* checkpoint();
}

function* trestleSleeper(meter: LagMeter, naps: NapMeter): Operation<void> {
  while (!meter.isOver()) {
    naps.begin();
    yield* sleep(NAP);
    naps.end();
  }
}

async function nativeTask(meter: LagMeter): Promise<void> {
  for (meter.enter(); !meter.isOver();) await nativeTurn();
}

async function nativeSleeper(meter: LagMeter, naps: NapMeter): Promise<void> {
  while (!meter.isOver()) {
    naps.begin();
    await sleepNative(NAP);
    naps.end();
  }
}

function effectTask(meter: LagMeter): Effect.Effect<void> {
  return Effect.gen(function* () {
    for (meter.enter(); !meter.isOver();) yield* Effect.yieldNow;
  });
}

function effectSleeper(meter: LagMeter, naps: NapMeter): Effect.Effect<void> {
  return Effect.gen(function* () {
    while (!meter.isOver()) {
      naps.begin();
      yield* Effect.sleep(NAP);
      naps.end();
    }
  });
}

function* effectionTask(meter: LagMeter): EffectionOperation<void> {
  for (meter.enter(); !meter.isOver();) yield* effectionTurn();
}

function* effectionSleeper(meter: LagMeter, naps: NapMeter): EffectionOperation<void> {
  while (!meter.isOver()) {
    naps.begin();
    yield* sleepEffection(NAP);
    naps.end();
  }
}

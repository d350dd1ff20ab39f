import { run, sleep, spawn, suspend, type Operation } from "effection";
import { expectResult } from "../expect-result.js";
import { nanoseconds } from "../stopwatch.js";
import { HOURS, type Sleepers } from "./sleepers.js";

export const effectionSleepers: Sleepers = async (count, atRest) => {
  const times = [nanoseconds()];
  let asleep = 0;
  function* sleeper(): Operation<void> {
    asleep++;
    yield* sleep(HOURS);
    asleep = Number.NaN;
  }
  function* parent(): Operation<void> {
    for (let i = 0; i < count; i++) void (yield* spawn(sleeper));
    yield* suspend();
  }
  await run(function* () {
    const task = yield* spawn(parent);
    while (asleep < count) yield* sleep(0);
    times.push(nanoseconds());
    atRest?.();
    times.push(nanoseconds());
    yield* task.halt();
    times.push(nanoseconds());
  });
  expectResult(asleep, count);
  const [start = 0, parked = 0, cancel = 0, end = 0] = times;
  return { parked: parked - start, cancelled: end - cancel };
};

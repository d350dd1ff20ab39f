import {
  checkpoint,
  openNursery,
  run,
  sleep,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import { expectResult } from "../expect-result.js";
import { nanoseconds } from "../stopwatch.js";
import { HOURS, type Sleepers } from "./sleepers.js";

export const trestleSleepers: Sleepers = async (count, atRest) => {
  const times = [nanoseconds()];
  let asleep = 0;
  function* sleeper(): Operation<void> {
    asleep++;
    yield* sleep(HOURS);
    asleep = Number.NaN;
  }
  function* parent(nursery: Nursery): Operation<void> {
    for (let i = 0; i < count; i++) nursery.startSoon(sleeper);
    yield* checkpoint();
    times.push(nanoseconds());
    expectResult(asleep, count);
    atRest?.();
    times.push(nanoseconds());
    nursery.cancelScope.cancel();
  }
  await run(function* () {
    yield* openNursery(parent);
    times.push(nanoseconds());
  });
  expectResult(asleep, count);
  const [start = 0, parked = 0, cancel = 0, end = 0] = times;
  return { parked: parked - start, cancelled: end - cancel };
};

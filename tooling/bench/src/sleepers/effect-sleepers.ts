import { Effect, Fiber } from "effect";
import { expectResult } from "../expect-result.js";
import { nanoseconds } from "../stopwatch.js";
import { HOURS, type Sleepers } from "./sleepers.js";

export const effectSleepers: Sleepers = async (count, atRest) => {
  const times = [nanoseconds()];
  let asleep = 0;
  const sleeper = Effect.gen(function* () {
    asleep++;
    yield* Effect.sleep(HOURS);
    asleep = Number.NaN;
  });
  const parent = Effect.gen(function* () {
    for (let i = 0; i < count; i++) yield* Effect.forkChild(sleeper);
    yield* Effect.never;
  });
  await Effect.runPromise(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(parent);
      while (asleep < count) yield* Effect.yieldNow;
      times.push(nanoseconds());
      atRest?.();
      times.push(nanoseconds());
      yield* Fiber.interrupt(fiber);
      times.push(nanoseconds());
    }),
  );
  expectResult(asleep, count);
  const [start = 0, parked = 0, cancel = 0, end = 0] = times;
  return { parked: parked - start, cancelled: end - cancel };
};

import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expectResult } from "../expect-result.js";
import { nanoseconds } from "../stopwatch.js";
import { HOURS, type Sleepers } from "./sleepers.js";

// One AbortController for all, as one cancel for all asks for.
export const nativeSleepers: Sleepers = async (count, atRest) => {
  const start = nanoseconds();
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  let asleep = 0;
  async function sleeper(): Promise<void> {
    asleep++;
    await sleep(HOURS, undefined, { signal });
    asleep = Number.NaN;
  }
  const tasks = Array.from({ length: count }, sleeper);
  const parked = nanoseconds();
  atRest?.();
  const cancel = nanoseconds();
  controller.abort();
  const results = await Promise.allSettled(tasks);
  const end = nanoseconds();
  expectResult(results.filter(({ status }) => status === "rejected").length, count);
  expectResult(asleep, count);
  return { parked: parked - start, cancelled: end - cancel };
};

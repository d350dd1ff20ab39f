import { createTask, sleep, wait } from "@trestle/loop";
import { expectResult } from "../expect-result.js";
import { timedInLoop } from "../in-loop.js";
import { nanoseconds } from "../stopwatch.js";
import { HOURS, type Sleepers } from "./sleepers.js";

export const loopSleepers: Sleepers = async (count, atRest) => {
  const times: number[] = [];
  let asleep = 0;
  async function sleeper(): Promise<void> {
    asleep++;
    await sleep(HOURS);
    asleep = Number.NaN;
  }
  await timedInLoop(async () => {
    times.push(nanoseconds());
    const tasks = Array.from({ length: count }, () => createTask(sleeper));
    await sleep(0);
    times.push(nanoseconds());
    expectResult(asleep, count);
    atRest?.();
    times.push(nanoseconds());
    for (const task of tasks) task.cancel();
    await wait(tasks);
    times.push(nanoseconds());
    expectResult(tasks.filter((task) => task.cancelled()).length, count);
  });
  expectResult(asleep, count);
  const [start = 0, parked = 0, cancel = 0, end = 0] = times;
  return { parked: parked - start, cancelled: end - cancel };
};

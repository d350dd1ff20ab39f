import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { Barrier } from "../src/barrier.js";
import { BrokenBarrierError } from "../src/broken-barrier-error.js";
import { createTask } from "../src/create-task.js";
import { gather } from "../src/gather.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, traced, type Stage } from "./on-virtual-time.js";

/** Waits at the barrier, and logs how that ends. */
async function arrive(barrier: Barrier, name: string, log: Stage["log"]): Promise<void> {
  try {
    log(`${name} ${await barrier.wait()}`);
  } catch (error) {
    log(`${name}: ${(error as Error).name}, ${barrier.nWaiting} wait`);
    throw error;
  }
}

// The traces of these are CPython's.
test("lets all go when the last has come, who goes first, and can be used again", async () => {
  const log = await traced(async ({ log }) => {
    const barrier = new Barrier(3);
    const twice = async (name: string, ms: number): Promise<void> => {
      await sleep(ms);
      for (let i = 0; i < 2; i++) log(`${name} ${await barrier.wait()}, ${barrier.nWaiting} wait`);
    };
    await gather([() => twice("a", 1), () => twice("b", 2), () => twice("c", 3)]);
  });
  expect(log).toEqual([
    [3, "c 2, 0 wait"],
    [3, "a 0, 0 wait"],
    [3, "b 1, 0 wait"],
    [3, "a 2, 0 wait"],
    [3, "b 0, 0 wait"],
    [3, "c 1, 0 wait"],
  ]);
});

test("those who come while it drains wait until all have gone", async () => {
  const log = await messages(async ({ log }) => {
    const barrier = new Barrier(2);
    for (const name of ["a", "b", "c", "d"]) void createTask(arrive, barrier, name, log);
    for (let round = 1; round <= 5; round++) {
      await sleep(0);
      log(`round ${round}, ${barrier.nWaiting} wait`);
    }
  });
  expect(log).toEqual([
    "b 1",
    "round 1, 0 wait",
    "a 0",
    "round 2, 0 wait",
    "d 1",
    "round 3, 0 wait",
    "c 0",
    "round 4, 0 wait",
    "round 5, 0 wait",
  ]);
});

test("one who is cancelled counts no longer, and breaks nothing", async () => {
  const log = await traced(async ({ log }) => {
    const barrier = new Barrier(2);
    const first = createTask(arrive, barrier, "a", log);
    await sleep(1);
    log(`${barrier.nWaiting} waits`);
    first.cancel();
    await sleep(1);
    log(`broken ${barrier.broken}`);
    await gather([() => arrive(barrier, "b", log), () => arrive(barrier, "c", log)]);
  });
  expect(log).toEqual([
    [1, "1 waits"],
    [1, "a: CancelledError, 0 wait"],
    [2, "broken false"],
    [2, "c 1"],
    [2, "b 0"],
  ]);
});

test("a reset fails those who wait, and leaves it usable", async () => {
  const log = await traced(async ({ log }) => {
    const barrier = new Barrier(2);
    const waiting = createTask(arrive, barrier, "a", log);
    await sleep(1);
    await barrier.reset();
    log(`reset, ${barrier.nWaiting} wait, broken ${barrier.broken}`);
    await expect(waiting).rejects.toThrow("it was reset meanwhile");
    await barrier.reset();
    await gather([() => arrive(barrier, "b", log), () => arrive(barrier, "c", log)]);
  });
  expect(log).toEqual([
    [1, "reset, 0 wait, broken false"],
    [1, "a: BrokenBarrierError, 0 wait"],
    [1, "c 1"],
    [1, "b 0"],
  ]);
});

test("an abort fails those who wait and those who come, until it is reset", async () => {
  const log = await traced(async ({ log }) => {
    const barrier = new Barrier(2);
    const waiting = createTask(arrive, barrier, "a", log);
    await sleep(1);
    await barrier.abort();
    log(`aborted, ${barrier.nWaiting} wait, broken ${barrier.broken}`);
    await expect(waiting).rejects.toThrow(BrokenBarrierError);
    await expect(barrier.wait()).rejects.toThrow("it was aborted");
    await barrier.reset();
    log(`broken ${barrier.broken}`);
    await gather([() => arrive(barrier, "b", log), () => arrive(barrier, "c", log)]);
  });
  expect(log).toEqual([
    [1, "aborted, 0 wait, broken true"],
    [1, "a: BrokenBarrierError, 0 wait"],
    [1, "broken false"],
    [1, "c 1"],
    [1, "b 0"],
  ]);
});

test("a reset of those who drain fails those who have not gone on", async () => {
  const log = await messages(async ({ log }) => {
    const barrier = new Barrier(2);
    const first = createTask(arrive, barrier, "a", log);
    await sleep(1);
    await arrive(barrier, "b", log);
    await barrier.reset();
    await first.catch(() => {});
    log(`${barrier.nWaiting} wait, broken ${barrier.broken}`);
  });
  expect(log).toEqual(["b 1", "a: BrokenBarrierError, 0 wait", "0 wait, broken false"]);
});

test("a signal ends the wait with its reason, and who waited counts no longer", async () => {
  const log = await traced(async ({ log, loop }) => {
    const barrier = new Barrier(2);
    const controller = new AbortController();
    loop.callLater(5, () => controller.abort("enough"));
    await barrier
      .wait({ signal: controller.signal })
      .catch((error: unknown) => log(`${String(error)}, ${barrier.nWaiting} wait`));
  });
  expect(log).toEqual([[5, "enough, 0 wait"]]);
});

test("one party never waits", async () => {
  await messages(async ({ loop }) => {
    const barrier = new Barrier(1);
    expect([await barrier.wait(), await barrier.wait(), barrier.parties]).toEqual([0, 0, 1]);
    expect(loop.time()).toBe(0);
  });
});

test("says in a deadlock what is waited for, and needs a loop and parties", async () => {
  await expect(messages(() => new Barrier(3).wait())).rejects.toThrow("waits for a barrier of 3");
  await expect(new Barrier(2).wait()).rejects.toThrow(NoLoopError);
  for (const parties of [0, -1, 1.5, Number.NaN, "2" as never])
    expect(() => new Barrier(parties)).toThrow(ArgumentError);
});

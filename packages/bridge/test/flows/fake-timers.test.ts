// On the fake timers of a test runner: they have the time, and the turns go on as they do. These tests change the clock of a process
// that others use, so each gives it back, and has nothing left by then.
import * as loop from "@trestle/loop";
import { checkpoint, moveOnAfter, sleep } from "@trestle/structured";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asStructured, run } from "../../src/index.js";

const pause = asStructured(loop.sleep);

beforeEach(async () => {
  // The first turn of a process comes after its I/O.
  await run(function* () {});
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test("both flavors sleep for as long as the test says, and no longer", async () => {
  const over: string[] = [];
  const ended = run(function* () {
    for (let round = 0; round < 200; round++) {
      yield* sleep(10);
      yield* pause(10);
    }
    over.push("slept");
  });
  await vi.advanceTimersByTimeAsync(3990);
  expect(over).toEqual([]);
  await vi.advanceTimersByTimeAsync(10);
  await ended;
  expect(over).toEqual(["slept"]);
});

test("a deadline across the border comes at its time", async () => {
  const ended = run(function* () {
    const { cancelledCaught } = yield* moveOnAfter(5000, () => pause(10_000));
    return cancelledCaught;
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(await ended).toBe(true);
});

test("work that takes no time needs none", async () => {
  const turns = run(function* () {
    for (let turn = 0; turn < 10_000; turn++) yield* checkpoint();
    return yield* pause(0, "done");
  });
  expect(await turns).toBe("done");
});

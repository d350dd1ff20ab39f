import { ArgumentError } from "@trestle/host";
import { lockBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { BoundedSemaphore } from "../src/bounded-semaphore.js";
import { InvalidStateError } from "../src/invalid-state-error.js";
import { Semaphore } from "../src/semaphore.js";
import { loopStage } from "./loop-stage.js";
import { messages } from "./on-virtual-time.js";

const locks = lockBehaviours(() => {
  const stage = loopStage();
  const semaphore = new BoundedSemaphore();
  return {
    stage,
    acquire: () => () => semaphore.acquire(),
    release: () => async () => semaphore.release(),
  };
});

describe("a bounded semaphore of one is a lock", () => {
  for (const { title, run } of locks) test(title, run);
});

test("refuses to be released more often than it was acquired", async () => {
  await messages(async () => {
    const semaphore = new BoundedSemaphore(2);
    expect(semaphore).toBeInstanceOf(Semaphore);
    await semaphore.acquire();
    semaphore.release();
    expect(() => semaphore.release()).toThrow(InvalidStateError);
    expect(() => semaphore.release()).toThrow("all its 2 slots are free");
    expect(semaphore.value).toBe(2);
    await expect(semaphore.hold(async () => semaphore.release())).rejects.toThrow(
      InvalidStateError,
    );
  });
});

test("refuses what is no number of slots", () => {
  expect(() => new BoundedSemaphore(-1)).toThrow(ArgumentError);
});

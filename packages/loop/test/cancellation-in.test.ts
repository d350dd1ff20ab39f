import { expect, test } from "vitest";
import { cancellationIn, receiveCancellation } from "../src/cancellation-in.js";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { currentSignal } from "../src/current-signal.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

const abortError = (cause: unknown): Error =>
  Object.assign(new Error("The operation was aborted", { cause }), { name: "AbortError" });

test("a CancelledError is one, and an AbortError stands for the one that is its cause", () => {
  const cancelled = new CancelledError("enough");
  expect(cancellationIn(cancelled)).toBe(cancelled);
  expect(cancellationIn(abortError(cancelled))).toBe(cancelled);
});

test("nothing else is", () => {
  expect(cancellationIn(abortError(new Error("somebody else's")))).toBeUndefined();
  expect(cancellationIn(new Error("a failure", { cause: new CancelledError() }))).toBeUndefined();
  expect(cancellationIn("enough")).toBeUndefined();
  expect(cancellationIn(undefined)).toBeUndefined();
});

test("what came by the signal of the task is not thrown once more at its next await", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      const signal = currentSignal();
      const work = new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
      try {
        await work;
      } catch (error) {
        log(String(receiveCancellation(error)));
        await sleep(1);
        log("cleaned up");
      }
    });
    await sleep(0);
    await sleep(0);
    task.cancel("enough");
    await task;
  });
  expect(log).toEqual(["CancelledError: enough", "cleaned up"]);
});

test("another cancellation than the signal's own takes nothing back", async () => {
  await messages(async () => {
    const task = createTask(async () => {
      await new Promise(setImmediate);
      expect(receiveCancellation(new CancelledError("another"))).toBeDefined();
      await sleep(1);
    });
    await sleep(0);
    await sleep(0);
    task.cancel("enough");
    await expect(task).rejects.toThrow("enough");
  });
});

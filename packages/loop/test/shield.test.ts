import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { shield } from "../src/shield.js";
import { sleep } from "../src/sleep.js";
import { messages, traced } from "./on-virtual-time.js";

test("gives the value or the error of the work", async () => {
  await messages(async () => {
    expect(await shield(() => sleep(10, "value"))).toBe("value");
    await expect(Promise.resolve(shield(() => Promise.reject(new Error("no"))))).rejects.toThrow(
      "no",
    );
  });
});

test("keeps a cancellation of the one who waits from the work", async () => {
  const log = await traced(async ({ log }) => {
    const work = createTask(() => sleep(10, "done"));
    const task = createTask(async () => {
      await shield(work);
    });
    await sleep(1);
    task.cancel();
    await task.catch((error: unknown) => log((error as Error).name));
    log(await work);
  });
  expect(log).toEqual([
    [1, "CancelledError"],
    [10, "done"],
  ]);
});

test("is cancelled with work that somebody else cancels", async () => {
  const log = await messages(async ({ log }) => {
    const work = createTask(() => sleep(1000));
    const shielded = shield(work);
    await sleep(1);
    work.cancel();
    await shielded.catch((error: unknown) => log((error as Error).name));
    log(String(shielded.cancelled()));
  });
  expect(log).toEqual(["CancelledError", "true"]);
});

test("gives work that is done as it is", async () => {
  await messages(async ({ loop }) => {
    const future = loop.createFuture<number>();
    future.setResult(1);
    expect(shield(future)).toBe(future);
  });
});

test("leaves the failure of work that outlives it to the exception handler", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message, exception }) =>
      log(`${message}: ${String(exception)}`),
    );
    const shielded = shield(async function work() {
      await sleep(5);
      throw new Error("late");
    });
    await sleep(1);
    shielded.cancel();
    await sleep(10);
  });
  expect(log).toEqual(["Nobody looked at the failure of task 'work': Error: late"]);
});

test("needs a loop", () => {
  expect(() => shield(async () => {})).toThrow(NoLoopError);
});

test("an abort ends the wait with its reason, and leaves the work alone", async () => {
  const log = await messages(async ({ log }) => {
    const controller = new AbortController();
    const work = createTask(() => sleep(10, "saved"));
    const shielded = shield(work, controller);
    controller.abort(new Error("the user left"));
    await shielded.catch((error: unknown) => log(String(error)));
    await shield(work, controller).catch((error: unknown) => log(String(error)));
    log(await work);
  });
  expect(log).toEqual(["Error: the user left", "Error: the user left", "saved"]);
});

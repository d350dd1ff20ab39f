import { expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { currentSignal } from "../src/current-signal.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { NoTaskError } from "../src/no-task-error.js";
import { sleep } from "../src/sleep.js";
import { messages } from "./on-virtual-time.js";

test("fires at the cancellation of its task, with the CancelledError for the reason", async () => {
  const log = await messages(async ({ log }) => {
    const task = createTask(async () => {
      currentSignal().addEventListener("abort", (event) =>
        log(String((event.target as AbortSignal).reason)),
      );
      await sleep(1000);
    });
    await sleep(1);
    task.cancel("enough");
    await task.catch(() => {});
    log(String(currentSignal().aborted));
  });
  expect(log).toEqual(["CancelledError: enough", "false"]);
});

test("there is none where no task runs", async () => {
  expect(() => currentSignal()).toThrow(NoLoopError);
  await messages(async ({ loop }) => {
    loop.callSoon(() => expect(() => currentSignal()).toThrow(NoTaskError));
    await sleep(0);
  });
});

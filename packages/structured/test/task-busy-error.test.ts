import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { TaskBusyError } from "../src/task-busy-error.js";

test("names the task, and says how operations are run", () => {
  const error = new TaskBusyError("crawler");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "TaskBusyError", code: "TRESTLE_TASK_BUSY" });
  expect(error.message).toBe(
    "Cannot run another operation in task 'crawler': it waits already.\n" +
      "Run operations by 'yield*' only; do not call 'next' on them.",
  );
});

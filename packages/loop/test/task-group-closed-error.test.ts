import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { TaskGroupClosedError } from "../src/task-group-closed-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new TaskGroupClosedError("create a task", "shutting down");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "TaskGroupClosedError", code: "TRESTLE_TASK_GROUP_CLOSED" });
  expect(error.message).toMatch(/^Cannot create a task: the task group is shutting down\.\n/u);
});

import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { ExecutorShutDownError } from "../src/executor-shut-down-error.js";

test("says what could not be done and why, with a name and a stable code", () => {
  const error = new ExecutorShutDownError("run work in an executor");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "ExecutorShutDownError",
    code: "TRESTLE_EXECUTOR_SHUT_DOWN",
  });
  expect(error.message).toMatch(/^Cannot run work in an executor: the default executor .* shut/u);
});

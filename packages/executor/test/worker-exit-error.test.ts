import { expect, test } from "vitest";
import { WorkerExitError } from "../src/worker-exit-error.js";

test("has the exit code, and what the platform says", () => {
  const cause = Object.assign(new Error("no memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" });
  const error = new WorkerExitError("crunch", 1, cause);
  expect([error.exitCode, error.reason, error.cause]).toEqual([
    1,
    "ERR_WORKER_OUT_OF_MEMORY",
    cause,
  ]);
  expect(error.message).toBe(
    "Cannot finish the job 'crunch': its thread ended with exit code 1: no memory",
  );
});

test("tells a thread that never began", () => {
  const error = new WorkerExitError("crunch", undefined, undefined);
  expect(error.message).toBe("Cannot run the job 'crunch': its thread did not start");
  expect([error.reason, "cause" in error]).toEqual([undefined, false]);
});

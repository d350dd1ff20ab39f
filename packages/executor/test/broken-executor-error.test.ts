import { expect, test } from "vitest";
import { BrokenExecutorError } from "../src/broken-executor-error.js";

test("says why, and has the cause", () => {
  const cause = new Error("no database");
  const error = new BrokenExecutorError(cause);
  expect(error.cause).toBe(cause);
  expect(error.message).toContain("has failed: no database");
  expect(new BrokenExecutorError("text").message).toContain("has failed: text");
});

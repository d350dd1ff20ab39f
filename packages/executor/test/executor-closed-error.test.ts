import { expect, test } from "vitest";
import { ExecutorClosedError } from "../src/executor-closed-error.js";

test("says what to do", () => {
  expect(new ExecutorClosedError().message).toContain("Shut it down last");
});

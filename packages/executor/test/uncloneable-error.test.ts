import { expect, test } from "vitest";
import { UncloneableError } from "../src/uncloneable-error.js";

test("says what cannot be sent, and why", () => {
  const cause = new Error("() => {} could not be cloned.");
  const error = new UncloneableError("the result of 'crunch'", cause);
  expect(error.message).toContain(
    "Cannot send the result of 'crunch' to another thread: () => {} could not be cloned.",
  );
  expect(error.cause).toBe(cause);
  expect(new UncloneableError("it", "a reason").message).toContain("a reason");
  expect(new UncloneableError("it", Object.create(null)).message).toContain("an Object");
});

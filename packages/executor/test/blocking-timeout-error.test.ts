import { expect, test } from "vitest";
import { BlockingTimeoutError } from "../src/blocking-timeout-error.js";

test("says what took too long", () => {
  expect(new BlockingTimeoutError("crunch", 200).message).toBe(
    "Cannot wait longer for 'crunch': it has not ended within 200 ms.\nGive it more time, or make it shorter.",
  );
});

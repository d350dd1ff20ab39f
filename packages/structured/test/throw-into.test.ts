import { expect, test } from "vitest";
import { throwInto } from "../src/throw-into.js";

test("what has no throw ends with the error", () => {
  const error = new Error("of the yield");
  const iterator = { next: () => ({ done: true, value: undefined }) as const };
  expect(() => throwInto(iterator, error)).toThrow(error);
});

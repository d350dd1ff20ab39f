import { expect, test } from "vitest";
import { isThenable } from "../src/is-thenable.js";

test("tells promises and what is like one from the rest", () => {
  expect([Promise.resolve(), { then: () => {} }].every(isThenable)).toBe(true);
  expect([null, undefined, 5, {}, { then: 5 }, () => {}].some(isThenable)).toBe(false);
});

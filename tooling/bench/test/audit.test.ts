import { expect, test } from "vitest";
import { isClean } from "../src/audit.js";

test("is clean where all that was counted is zero", () => {
  expect([{}, { leaked: 0, lost: 0 }, { leaked: 0, ranOn: 1 }].map(isClean)).toEqual([
    true,
    true,
    false,
  ]);
});

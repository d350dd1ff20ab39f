import { expect, test } from "vitest";
import * as phases from "../src/phase.js";

test("no two phases are the same number", () => {
  const numbers = Object.values(phases);
  expect(new Set(numbers).size).toBe(numbers.length);
});

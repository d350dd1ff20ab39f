import { expect, test } from "vitest";
import { firstDifference } from "../src/difference.js";
import type { Result } from "../src/result.js";

const expected: Result = {
  outcome: "ok",
  trace: {
    main: [
      [0, "L1"],
      [9, "L2"],
    ],
    "main/n1.0": [[5, "L3"]],
  },
};

test("finds none between equal results, whatever the order of the tasks", () => {
  const { main = [], "main/n1.0": child = [] } = expected.trace;
  expect(
    firstDifference(expected, { outcome: "ok", trace: { "main/n1.0": child, main } }),
  ).toBeUndefined();
});

test("names the earliest line that differs, of all tasks", () => {
  const actual: Result = {
    outcome: "ok",
    trace: { main: [[0, "L1"]], "main/n1.0": [[5, "other"]] },
  };
  expect(firstDifference(expected, actual)).toBe(
    'task "main/n1.0", line 1: expected [5,"L3"], got [5,"other"]',
  );
});

test("names what is missing, and what is too much", () => {
  const missing: Result = { ...expected, trace: { ...expected.trace, main: [[0, "L1"]] } };
  expect(firstDifference(expected, missing)).toBe(
    'task "main", line 2: expected [9,"L2"], got nothing more',
  );
  expect(firstDifference(missing, expected)).toBe(
    'task "main", line 2: expected nothing more, got [9,"L2"]',
  );
  const extra: Result = { ...expected, trace: { ...expected.trace, "main/spawn": [[7, "L4"]] } };
  expect(firstDifference(expected, extra)).toBe(
    'task "main/spawn", line 1: expected nothing more, got [7,"L4"]',
  );
});

test("takes a line at another time for another line", () => {
  const late: Result = { ...expected, trace: { ...expected.trace, "main/n1.0": [[6, "L3"]] } };
  expect(firstDifference(expected, late)).toBe(
    'task "main/n1.0", line 1: expected [5,"L3"], got [6,"L3"]',
  );
});

test("compares the outcomes when the traces are equal", () => {
  expect(firstDifference(expected, { ...expected, outcome: "error:E1" })).toBe(
    'outcome: expected "ok", got "error:E1"',
  );
});

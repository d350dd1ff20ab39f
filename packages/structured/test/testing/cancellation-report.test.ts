import { describe, expect, test } from "vitest";
import {
  CancellationFindingsError,
  CancellationReport,
  type CancellationFinding,
} from "../../src/testing/cancellation-report.js";

const error = new Error("of the cleanup");
const findings: readonly CancellationFinding[] = [
  {
    kind: "open",
    checkpoint: 2,
    task: "main",
    message: "'file' is left open",
    stack: "…",
    error: undefined,
  },
  {
    kind: "failed",
    checkpoint: 3,
    task: undefined,
    message: "it failed:\nbadly",
    stack: "…",
    error,
  },
];

describe("the report of cancellations", () => {
  test("throws nothing where there is nothing to tell", () => {
    const report = new CancellationReport("'work'", 7, []);
    report.throwIfFound();
    expect([report.checkpoints, report.findings]).toEqual([7, []]);
  });

  test("throws an error that lists all, with the first error as its cause", () => {
    const report = new CancellationReport("'work'", 3, findings);
    expect(() => report.throwIfFound()).toThrow(CancellationFindingsError);
    const thrown = new CancellationFindingsError("'work'", findings);
    expect(thrown.message).toBe(
      "Cannot cancel 'work' cleanly:\n" +
        "  at checkpoint 2, in task 'main': 'file' is left open\n" +
        "  at checkpoint 3: it failed:\n" +
        "    badly\n" +
        "'findings' has the stack at each of these checkpoints.",
    );
    expect(thrown.cause).toBe(error);
    expect(thrown.findings).toBe(findings);
  });
});

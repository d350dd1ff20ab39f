import { ExceptionGroup, failure } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { errorReport } from "../../src/run/error-report.js";
import { RunCrashedError } from "../../src/run/run-crashed-error.js";

/** An error with a stack that is the same everywhere. */
function made<E extends Error>(error: E, place: string): E {
  error.stack = `${error.name}: ${error.message}\n    at ${place}`;
  return error;
}

describe("the report of an error", () => {
  test("has its stack, its plain properties and its causes", () => {
    const cause = Object.assign(made(new Error("connect ECONNREFUSED"), "net.js:1"), {
      code: "ECONNREFUSED",
      port: 80,
      socket: {},
    });
    const error = made(new TypeError("no answer", { cause }), "main.js:1");
    expect(errorReport(error)).toBe(
      [
        "TypeError: no answer",
        "    at main.js:1",
        "  caused by Error: connect ECONNREFUSED",
        "        at net.js:1",
        "        (code: ECONNREFUSED, port: 80)",
      ].join("\n"),
    );
  });

  test("has the errors of a group in one list, however deep they are", () => {
    const inner = new ExceptionGroup("inner", [
      made(new Error("b"), "b.js"),
      made(new Error("c"), "c.js"),
    ]);
    const group = new ExceptionGroup("outer", [made(new Error("a"), "a.js"), inner]);
    expect(errorReport(group)).toBe(
      [
        "ExceptionGroup: outer",
        "  1. Error: a",
        "        at a.js",
        "  2. Error: b",
        "        at b.js",
        "  3. Error: c",
        "        at c.js",
      ].join("\n"),
    );
  });

  test("tells each error once, and ends where causes go in a circle", () => {
    const shared = made(new Error("shared"), "shared.js");
    const a = made(new Error("a", { cause: shared }), "a.js");
    const b = made(new Error("b", { cause: shared }), "b.js");
    const report = errorReport(new ExceptionGroup("both", [a, b, a]));
    expect(report.match(/shared\.js/g)).toHaveLength(1);
    expect(report).toContain("caused by Error: shared (see above)");
    expect(report).toContain("3. Error: a (see above)");
    shared.cause = a;
    expect(errorReport(a)).toContain("caused by Error: a (see above)");
  });

  test("has what a cleanup threw besides, and how main ended", () => {
    const error = Object.assign(made(new Error("in flight"), "a.js"), {
      suppressed: [made(new Error("of the cleanup"), "b.js")],
    });
    const crash = new RunCrashedError("main", ["system task 'x'"], error, failure("main's own"));
    const lines = errorReport(crash).split("\n");
    expect(lines[0]).toContain("RunCrashedError: Cannot go on");
    expect(lines).toContain("  caused by Error: in flight");
    expect(lines).toContain("      and in a cleanup Error: of the cleanup");
    expect(lines.at(-1)).toBe('  main ended with "main\'s own" (string)');
  });

  test("has the message of today, which the stack may not have", () => {
    const error = made(new Error("first"), "a.js");
    error.message = "second";
    expect(errorReport(error)).toBe("Error: second\n    at a.js");
  });

  test("is short for what is no error, has no message or no stack", () => {
    expect(errorReport("text")).toBe('"text" (string)');
    expect(errorReport(undefined)).toBe("undefined");
    const bare = new Error("bare");
    delete bare.stack;
    expect(errorReport(bare)).toBe("Error: bare");
    expect(errorReport(made(new RangeError(), "a.js"))).toBe("RangeError\n    at a.js");
  });
});

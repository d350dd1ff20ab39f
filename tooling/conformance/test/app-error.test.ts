import { ExceptionGroup } from "@trestle/host";
import { expect, test } from "vitest";
import { AppError, printError, printLeaves, splitAppErrors } from "../src/app-error.js";

const e1 = new AppError("E1");
const e2 = new AppError("E2");
const other = new TypeError("not of the program");

function group(...errors: unknown[]): ExceptionGroup {
  return new ExceptionGroup("a group", errors);
}

test("prints an AppError as its message", () => {
  expect(printError(e1)).toBe("E1");
});

test("prints a group as its members' texts, sorted, in parentheses", () => {
  expect(printError(group(e2, e1))).toBe("(E1 E2)");
  expect(printError(group(group(new AppError("E3"), e2), e1))).toBe("((E2 E3) E1)");
  expect(printError(group(e1, e1))).toBe("(E1 E1)");
});

test("prints the leaves alone, whatever layers of groups there are", () => {
  expect(printLeaves(group(group(e2), e1, group(group(e2))))).toBe("E1 E2 E2");
  expect(printLeaves(e1)).toBe("E1");
});

test("prints the loop flavor's cancellation by its name", () => {
  const cancelled = Object.assign(new Error("who cancelled, and why"), { name: "CancelledError" });
  expect(printError(group(cancelled, e1))).toBe("(CancelledError E1)");
});

test("prints any other error so that it can be recognized in a difference", () => {
  expect(printError(other)).toBe("TypeError: not of the program");
  expect(printError("a text")).toBe("a text");
});

test("splits a group into its AppErrors and the rest, with its structure", () => {
  const [appErrors, rest] = splitAppErrors(group(e1, group(other, e2)));
  expect(printError(appErrors)).toBe("((E2) E1)");
  expect(printError(rest)).toBe("((TypeError: not of the program))");
});

test("splits a single error to one side", () => {
  expect(splitAppErrors(e1)).toEqual([e1, undefined]);
  expect(splitAppErrors(other)).toEqual([undefined, other]);
  expect(splitAppErrors(group(other))[0]).toBeUndefined();
  expect(splitAppErrors(group(e1))[1]).toBeUndefined();
});

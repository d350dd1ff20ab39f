import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import {
  checkCallback,
  checkLoopFunction,
  isOperation,
  returnedOperation,
} from "../src/loop-function.js";
import { thrownBy } from "./on-virtual-time.js";

function* walk(): Generator<undefined> {
  yield undefined;
}
async function* stream(): AsyncGenerator<number> {
  yield 1;
}
async function load(): Promise<void> {}

function refusal(check: () => void): string {
  const error = thrownBy(check);
  expect(error).toBeInstanceOf(WrongFlavorError);
  return (error as Error).message;
}

test("takes async and plain functions as work for a task", () => {
  for (const fn of [load, () => {}, () => Promise.resolve(), load.bind(null)]) {
    expect(() => checkLoopFunction(fn, "create a task")).not.toThrow();
  }
});

test("refuses everything else, and says what was meant", () => {
  const refuse = (value: unknown): string =>
    refusal(() => checkLoopFunction(value, "create a task"));
  expect(refuse(walk)).toBe(
    "Cannot create a task with walk (generator function): it belongs to the structured flavor.\n" +
      "Wrap it: 'asLoop(walk)' of @trestle/bridge is a function of the loop flavor.",
  );
  expect(refuse(walk())).toContain("operation of the structured flavor");
  expect(refuse(stream)).toContain("for await (const item of stream())");
  expect(refuse(load())).toContain("That is a promise: its work runs already.");
  expect(refuse("load")).toContain(
    'Cannot create a task with "load" (string): an async function is wanted.',
  );
});

test("takes plain functions as callbacks", () => {
  for (const fn of [() => {}, Math.max, setTimeout]) {
    expect(() => checkCallback(fn, "call soon")).not.toThrow();
  }
});

test("refuses callbacks that nobody would await or run", () => {
  const refuse = (value: unknown): string => refusal(() => checkCallback(value, "call soon"));
  expect(refuse(load)).toContain("nobody would await it.\nGive it to 'createTask'");
  expect(refuse(walk)).toContain("asLoop(walk)");
  expect(refuse(5)).toContain("Cannot call soon with 5 (number): a function is wanted.");
});

test("tells operations from values that are only iterable", () => {
  expect(isOperation(walk())).toBe(true);
  for (const value of ["text", [1], new Map(), new Set(), null, undefined, 5, {}, load]) {
    expect(isOperation(value)).toBe(false);
  }
  expect(returnedOperation("run task 'x'", walk)).toBeInstanceOf(WrongFlavorError);
});

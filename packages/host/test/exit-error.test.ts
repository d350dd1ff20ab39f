import { expect, test } from "vitest";
import { ArgumentError, ExceptionGroup, ExitError, exitErrorIn } from "../src/index.js";

test("has an exit code, 0 unless given", () => {
  const error = new ExitError(3);
  expect(error).toBeInstanceOf(ExitError);
  expect([error.name, error.code, error.exitCode]).toEqual(["ExitError", "TRESTLE_EXIT", 3]);
  expect(error.message).toBe("The program ends with exit code 3.");
  expect(new ExitError().exitCode).toBe(0);
});

test.each([-1, 256, 1.5, Number.NaN])("has no exit code %d", (code) => {
  expect(() => new ExitError(code)).toThrow(ArgumentError);
});

test("is found as it is and in groups of groups, and nowhere else", () => {
  const [first, second] = [new ExitError(1), new ExitError(2)];
  const group = new ExceptionGroup("outer", [
    new Error("other"),
    new ExceptionGroup("inner", [first, second]),
  ]);
  expect(exitErrorIn(first)).toBe(first);
  expect(exitErrorIn(group)).toBe(first);
  expect(exitErrorIn(new ExceptionGroup("without", [new Error("other")]))).toBeUndefined();
  for (const other of [undefined, null, 5, "exit", new Error("exit"), { exitCode: 1 }])
    expect(exitErrorIn(other)).toBeUndefined();
});

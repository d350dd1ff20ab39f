import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { expose } from "../../src/worker/expose.js";

// In a thread it is part of the test of the option `worker`.
test("refuses a thread that no executor has started", () => {
  expect(() => expose({ double: (number: number) => 2 * number })).toThrow(ArgumentError);
  expect(() => expose({})).toThrow("Pass the options on");
});

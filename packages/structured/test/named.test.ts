import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { named, sleep, type Operation } from "../src/index.js";
import { virtualRun } from "./virtual-run.js";

test("gives another name to the same work, and leaves the function as it was", async () => {
  const { run, host } = virtualRun();
  const nap = named("nap", sleep);
  expect([nap.name, sleep.name]).toEqual(["nap", "sleep"]);
  await run(() => nap(10));
  expect(host.now()).toBe(10);
});

test("hands arguments and value on", async () => {
  const { run } = virtualRun();
  const add = function* (a: number, b: number): Operation<number> {
    return a + b;
  };
  await expect(run(() => named("sum", add)(1, 2))).resolves.toBe(3);
});

test("refuses a name that is no string, and what is no structured function", () => {
  expect(() => named(5 as never, sleep)).toThrow(ArgumentError);
  expect(() => named("nap", (async () => {}) as never)).toThrow(WrongFlavorError);
});

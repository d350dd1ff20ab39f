import { expect, test } from "vitest";
import { checkpoint } from "../src/index.js";
import { acceptYields } from "../src/lowlevel.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

const nothing = (): undefined => undefined;

test("calls the function with its arguments, and gives its value", async () => {
  const { run } = virtualRun();
  const add = function* (a: number, b: number) {
    yield* checkpoint();
    return a + b;
  };
  expect(await run(() => acceptYields(nothing, add, 1, 2))).toBe(3);
});

test("refuses a function of the other flavor", async () => {
  const { run } = virtualRun();
  const load = (async () => {}) as never;
  expect(await rejectionOf(run(() => acceptYields(nothing, load)))).toMatchObject({
    name: "WrongFlavorError",
  });
});

test("refuses to be awaited", async () => {
  const operation = acceptYields(nothing, () => checkpoint()) as unknown as Promise<void>;
  expect(await rejectionOf(operation)).toMatchObject({ name: "WrongFlavorError" });
});

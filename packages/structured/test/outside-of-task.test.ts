import { expect, test } from "vitest";
import { inStructuredTask } from "../src/index.js";
import { outsideOfTask } from "../src/lowlevel.js";
import { virtualRun } from "./virtual-run.js";

test("calls with the arguments and in no task, which is there again afterwards", async () => {
  const { run } = virtualRun();
  await run(function* () {
    expect(outsideOfTask((n: number) => [n, inStructuredTask()], 5)).toEqual([5, false]);
    expect(inStructuredTask()).toBe(true);
  });
});

test("gives the task back when the function throws", async () => {
  const { run } = virtualRun();
  await run(function* () {
    expect(() =>
      outsideOfTask(() => {
        throw new Error("of the function");
      }),
    ).toThrow("of the function");
    expect(inStructuredTask()).toBe(true);
  });
});

test("does nothing where no task runs", () => {
  expect(outsideOfTask(inStructuredTask)).toBe(false);
});

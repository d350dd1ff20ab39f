import { expect, test } from "vitest";
import { currentTime, NoRunError, sleep } from "../src/index.js";
import { currentHost } from "../src/lowlevel.js";
import { virtualRun } from "./virtual-run.js";

test("lives in the time of the run", async () => {
  const { run, trace, log } = virtualRun();
  await run(function* () {
    yield* sleep(10);
    expect(currentHost().now()).toBe(currentTime());
    currentHost().at(15, () => log("the guest's timer"));
    yield* sleep(10);
  });
  expect(trace.entries).toEqual([[15, "the guest's timer"]]);
});

test("needs a task", () => {
  expect(() => currentHost()).toThrow(NoRunError);
});

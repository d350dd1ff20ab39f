import { expect, test } from "vitest";
import { sleep, type Operation } from "../src/index.js";
import { refusingAwait } from "../src/lowlevel.js";
import { rejectionOf } from "./rejection-of.js";
import { virtualRun } from "./virtual-run.js";

test("begins when it is run, and anew each time", async () => {
  const { run, log, trace } = virtualRun();
  const operation = refusingAwait(function* (): Operation<string> {
    log("begun");
    yield* sleep(5);
    return "done";
  });
  expect(trace.messages).toEqual([]);
  await run(function* () {
    expect([yield* operation, yield* operation]).toEqual(["done", "done"]);
  });
  expect(trace.entries).toEqual([
    [0, "begun"],
    [5, "begun"],
  ]);
});

test("refuses to be awaited, without having begun", async () => {
  let begun = false;
  const operation = refusingAwait(function* (): Operation<void> {
    begun = true;
  });
  expect(await rejectionOf(operation as unknown as Promise<void>)).toMatchObject({
    name: "WrongFlavorError",
  });
  expect(begun).toBe(false);
});
